"""Push an image to a registry, over its HTTP API; only a registry on this machine is dialled.

Blobs that the registry has are not sent again. The manifest comes last, so a push that breaks off
leaves the tag where it was.
"""

import hashlib
import http.client
import ipaddress
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from opsbot.sandbox.docker.images import Image
from opsbot.sandbox.docker.problems import BuildFailed

Record = dict[str, Any]
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def run(image: Image, repository: str, tag: str) -> Iterator[Record]:
    """Push, yielding the stream's records; the digest is in the `aux` of the last one."""
    host, _, name = repository.partition("/")
    content = manifest(image)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    try:
        registry = _Registry(host, name)
        for layer in image.layers:
            yield {"status": "Preparing", "progressDetail": {}, "id": layer.diff_id[7:19]}
        for layer in image.layers:
            sent = registry.send(layer.digest, layer.content)
            words = "Pushed" if sent else "Layer already exists"
            yield {"status": words, "progressDetail": {}, "id": layer.diff_id[7:19]}
        registry.send(image.id, image.content)
        registry.name(tag, content)
    except OSError as fault:
        yield failure(f'Get "http://{host}/v2/": dial tcp {host}: {fault}')
    except BuildFailed as problem:
        yield failure(str(problem))
    else:
        yield {"status": f"{tag}: digest: {digest} size: {len(content)}"}
        aux = {"Tag": tag, "Digest": digest, "Size": len(content)}
        yield {"progressDetail": {}, "aux": aux}


def failure(words: str) -> Record:
    """Return the record of a failure."""
    return {"errorDetail": {"message": words}, "error": words}


def manifest(image: Image) -> bytes:
    """Return the manifest's bytes."""
    config = {"mediaType": CONFIG, "size": len(image.content), "digest": image.id}
    layers = [
        {"mediaType": LAYER, "size": len(layer.content), "digest": layer.digest}
        for layer in image.layers
    ]
    described = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
    return json.dumps(described, indent=3).encode()


class _Registry:
    """A registry, for one repository."""

    def __init__(self, host: str, name: str) -> None:
        if not _is_here(host):
            raise BuildFailed(
                f"the sandbox's Docker Engine pushes to 127.0.0.1 alone, not to {host}"
            )
        self._host, self._name = host, name

    def send(self, digest: str, content: bytes) -> bool:
        """Send a blob; False where the registry has it."""
        if self._ask("HEAD", f"/blobs/{digest}")[0] == 200:
            return False
        status, place = self._ask("POST", "/blobs/uploads/")
        if status == 202:
            path = urlsplit(place)
            query = f"{path.query}&" if path.query else ""
            target = f"{path.path}?{query}digest={digest}"
            status, _ = self._dial("PUT", target, content, "application/octet-stream")
        self._require_created(status, f"blob {digest}")
        return True

    def name(self, tag: str, content: bytes) -> None:
        """Point a tag at a manifest."""
        status, _ = self._dial("PUT", f"/v2/{self._name}/manifests/{tag}", content, MANIFEST)
        self._require_created(status, f"manifest {tag}")

    def _require_created(self, status: int, what: str) -> None:
        if status in (401, 403):
            raise BuildFailed("denied: requested access to the resource is denied")
        if status != 201:
            raise BuildFailed(f"the registry answered {status} for {what} of {self._name}")

    def _ask(self, method: str, place: str) -> tuple[int, str]:
        return self._dial(method, f"/v2/{self._name}{place}", b"", "")

    def _dial(self, method: str, target: str, content: bytes, kind: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        try:
            headers = {"Content-Type": kind} if kind else {}
            connection.request(method, target, content or None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.rpartition(":")[0]).is_loopback
    except ValueError:
        return host.rpartition(":")[0] == "localhost"
