"""Pull an image from a registry: what arrives must have the digests that the manifest says.

Of an index for several platforms, the image for this machine's is taken.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from opsbot.sandbox.docker import files, images, pushing
from opsbot.sandbox.docker.distribution import INDEXES, Registry
from opsbot.sandbox.docker.files import Layer
from opsbot.sandbox.docker.images import Image, Images
from opsbot.sandbox.docker.problems import BuildFailed

Record = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """An image in a registry, before its content is fetched."""

    repository: str
    reference: str
    """Tag or digest."""
    digest: str
    manifest: Record
    registry: Registry

    @property
    def name(self) -> str:
        """The image as a person names it."""
        separator = "@" if self.reference.startswith("sha256:") else ":"
        return f"{self.repository}{separator}{self.reference}"


def find(repository: str, reference: str, login: str = "") -> Found:
    """Return what a registry has under a tag or digest; `BuildFailed` where it has nothing."""
    host, _, name = repository.partition("/")
    registry = Registry(host, name, login)
    registry.greet()
    content, digest, kind = _manifest(registry, repository, reference)
    manifest: Record = json.loads(content)
    if kind in INDEXES:
        content, _, _ = _manifest(registry, repository, _child(manifest, repository))
        manifest = json.loads(content)
    return Found(repository, reference, digest, manifest, registry)


def run(store: Images, found: Found) -> Iterator[Record]:
    """Fetch and keep the image, yielding the stream's records."""
    named = found.reference.startswith("sha256:")
    yield {
        "status": f"Pulling from {found.registry.name}",
        "id": found.name if named else found.reference,
    }
    try:
        known = store.find(f"{found.repository}@{found.digest}")
        image = known or (yield from _fetch(found))
    except BuildFailed as problem:
        yield pushing.failure(str(problem))
        return
    store.keep(image, *([] if named else [found.name]))
    store.remember_push(image, f"{found.repository}@{found.digest}")
    yield {"status": f"Digest: {found.digest}"}
    words = "Image is up to date" if known else "Downloaded newer image"
    yield {"status": f"Status: {words} for {found.name}"}


def _fetch(found: Found) -> Generator[Record, None, Image]:
    layers = []
    for described in found.manifest["layers"]:
        digest = described["digest"]
        yield {"status": "Pulling fs layer", "progressDetail": {}, "id": digest[7:19]}
        layers.append(_layer(_blob(found.registry, digest), digest))
        yield {"status": "Pull complete", "progressDetail": {}, "id": digest[7:19]}
    content = _blob(found.registry, found.manifest["config"]["digest"])
    return Image(json.loads(content), tuple(layers), content)


def _manifest(registry: Registry, repository: str, reference: str) -> tuple[bytes, str, str]:
    separator = "@" if reference.startswith("sha256:") else ":"
    answer = registry.ask("GET", f"/manifests/{reference}")
    registry.require(answer, f"manifest for {repository}{separator}{reference}")
    digest = f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
    if digest != (reference if separator == "@" else answer.headers["Docker-Content-Digest"]):
        raise BuildFailed(f"manifest verification failed for digest {reference}")
    return answer.content, digest, answer.headers.get_content_type()


def _child(index: Record, repository: str) -> str:
    wanted = images.architecture()
    for each in index["manifests"]:
        if each.get("platform", {}).get("architecture") == wanted:
            return str(each["digest"])
    raise BuildFailed(
        f"no matching manifest for linux/{wanted} in the manifest list entries of {repository}"
    )


def _blob(registry: Registry, digest: str) -> bytes:
    answer = registry.ask("GET", f"/blobs/{digest}")
    if answer.status == 404:
        raise BuildFailed("unknown blob")
    registry.require(answer, f"blob {digest}")
    if f"sha256:{hashlib.sha256(answer.content).hexdigest()}" != digest:
        raise BuildFailed(f"filesystem layer verification failed for digest {digest}")
    return answer.content


def _layer(content: bytes, digest: str) -> Layer:
    try:
        plain = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as fault:
        raise BuildFailed(f"failed to register layer: {fault}") from None
    return files.stored(plain, content, digest)
