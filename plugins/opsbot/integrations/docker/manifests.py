"""What a registry stores for an image: manifest, configuration, layers, and their digests.

A digest is the sha256 of a manifest's bytes, so it is computed, not asked for. Asked without
`Accept`, a registry answers an old manifest (schema 1) with another digest; such a one is refused.
Behind a name may stand an index of several platforms; the platform's own manifest is then below.
"""

import hashlib
from typing import Any

from opsbot.integrations import foreign_json
from opsbot.integrations.docker.names import DIGEST
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

IMAGE_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
ACCEPT = ", ".join((*IMAGE_TYPES, *INDEX_TYPES))
MOST_LAYERS = 256
MOST_PLATFORMS = 32
LARGEST_BLOB = 64 * 1024**3
USUAL = "linux/amd64"
NOWHERE = "unknown/unknown"
"""What attestations in an index have for a platform."""


class Blob(Value):
    """A piece of an image: its digest and size."""

    digest: str
    size: int


class Layer(Blob):
    """A blob with changes to the image's files."""

    media_type: str
    """How it is packed."""


class Child(Value):
    """A manifest of an index, for one platform."""

    digest: str
    platform: str
    """`linux/amd64`, or with a variant `linux/arm/v7`."""


class Manifest(Value):
    """A manifest as stored: the very bytes, what they say, and their digest."""

    media_type: str
    content: bytes
    digest: str
    config: Blob | None = None
    layers: tuple[Layer, ...] = ()
    children: tuple[Child, ...] = ()
    """Images of an index, the one for linux/amd64 first."""

    @property
    def size(self) -> int:
        """Bytes to transfer: configuration and layers."""
        return sum(each.size for each in (*self.layers, *([self.config] if self.config else [])))


def parse(content: bytes, media_type: str, name: str) -> Manifest:
    """Read a manifest's bytes; `StepFailed` where they are not a manifest we can verify."""
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    media_type = media_type.partition(";")[0].strip()
    try:
        body = foreign_json.read(content)
        if body.get("schemaVersion") != 2:
            raise StepFailed(
                f"{name} has a manifest of schema {str(body.get('schemaVersion'))[:20]}; its "
                "digest proves nothing of the image. Push it again with a current Docker Engine, "
                "to a registry that knows schema 2; a proxy in front of it must let the header "
                "Accept through."
            )
        if media_type in INDEX_TYPES:
            children = _children(body["manifests"], name)
            return Manifest(
                media_type=media_type, content=content, digest=digest, children=children
            )
        if media_type not in IMAGE_TYPES:
            raise StepFailed(f"{name} is stored as {media_type!r}, which is no image.")
        return Manifest(
            media_type=media_type,
            content=content,
            digest=digest,
            config=_blob(body["config"]),
            layers=_layers(body["layers"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StepFailed(f"The manifest of {name} cannot be read: {problem!r}.") from None


def _layers(descriptors: list[dict[str, Any]]) -> tuple[Layer, ...]:
    if len(descriptors) > MOST_LAYERS:
        raise ValueError(f"more than {MOST_LAYERS} layers")
    return tuple(
        Layer(media_type=str(each.get("mediaType", ""))[:200], **_blob(each).model_dump())
        for each in descriptors
    )


def _blob(descriptor: dict[str, Any]) -> Blob:
    size = descriptor["size"]
    if not isinstance(size, int) or not 0 <= size <= LARGEST_BLOB:
        raise ValueError("size is no number of bytes")
    return Blob(digest=_digest(descriptor), size=size)


def _digest(descriptor: dict[str, Any]) -> str:
    if not DIGEST.fullmatch(descriptor["digest"]):
        raise ValueError("digest is no sha256")
    return str(descriptor["digest"])


def _children(descriptors: list[dict[str, Any]], name: str) -> tuple[Child, ...]:
    """Return the images of an index; builders also keep attestations there, which are none."""
    found = [
        Child(digest=_digest(each), platform=platform_of(each.get("platform") or {}))
        for each in descriptors
    ]
    images = [each for each in found if each.platform != NOWHERE] or found
    if len(images) > MOST_PLATFORMS:
        raise ValueError(f"more than {MOST_PLATFORMS} images in an index")
    if not images:
        raise StepFailed(f"{name} is an index without an image. Push it again.")
    return tuple(sorted(images, key=lambda each: each.platform != USUAL))


def platform_of(described: dict[str, Any]) -> str:
    """Write a platform as Docker does: operating system, architecture and variant."""
    words = (described.get(name) for name in ("os", "architecture", "variant"))
    return "/".join(str(word) for word in words if word) or "unknown"
