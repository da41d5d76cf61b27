"""Push an image to a registry.

Blobs that the registry has are not sent again. The manifest comes last, so a push that breaks off
leaves the tag where it was.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from opsbot.sandbox.docker import distribution
from opsbot.sandbox.docker.distribution import MANIFEST, Registry
from opsbot.sandbox.docker.images import Image
from opsbot.sandbox.docker.problems import BuildFailed

Record = dict[str, Any]
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def run(image: Image, repository: str, tag: str, login: str = "") -> Iterator[Record]:
    """Push, yielding the stream's records; the digest is in the `aux` of the last one."""
    host, _, name = repository.partition("/")
    content = manifest(image)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    for layer in image.layers:
        yield {"status": "Preparing", "progressDetail": {}, "id": layer.diff_id[7:19]}
    try:
        registry = Registry(host, name, login)
        registry.greet()
        for layer in image.layers:
            sent = _send(registry, layer.digest, layer.content)
            words = "Pushed" if sent else "Layer already exists"
            yield {"status": words, "progressDetail": {}, "id": layer.diff_id[7:19]}
        _send(registry, image.id, image.content)
        answer = registry.ask("PUT", f"/manifests/{tag}", content, MANIFEST)
        registry.require(answer, f"manifest {tag}")
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


def _send(registry: Registry, digest: str, content: bytes) -> bool:
    """Send a blob; False where the registry has it."""
    if registry.ask("HEAD", f"/blobs/{digest}").status == 200:
        return False
    begun = registry.require(registry.ask("POST", "/blobs/uploads/"), f"blob {digest}")
    target = f"{distribution.path_of(begun.headers.get('Location', ''))}digest={digest}"
    sent = registry.dial("PUT", target, content, "application/octet-stream")
    registry.require(sent, f"blob {digest}")
    return True
