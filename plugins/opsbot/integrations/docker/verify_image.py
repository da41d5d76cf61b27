"""Verify an image in the registry, byte by byte, as a stranger would.

The tag must mean the digest that an earlier step has found; the manifest's bytes must have that
digest; configuration and layers must have theirs; the labels must tell the origin that was built;
the files that somebody asks for must be there. Of an image for several platforms, every platform's
is verified: a cluster's nodes take the one that fits, and what is deployed is the index's digest.
Where the connection holds a key, a signature by it is required; without a key a signature is "not
measured", which is not "valid".
"""

from typing import Literal

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import names, resolving, signatures
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.image_content import ImageReader
from opsbot.integrations.docker.manifests import Manifest, platform_of
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry, labels_of
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class VerifiedImage(Value):
    """An image whose bytes were read and found right."""

    image: str
    reference: str
    """`host/name@digest`: what is deployed."""
    digest: str
    """Of the index, where the image is one for several platforms."""
    layers: int
    platforms: tuple[str, ...]
    """All that were verified."""
    files: dict[str, str]
    """The sha256 of each file that was asked for; of the first platform's image."""
    signature: Literal["valid", "not_measured"]


def run(
    client: DockerClient,
    params: VerifyImage,
    *,
    digest: str | None = None,
    labels: dict[str, str] | None = None,
    say: Say,
) -> VerifiedImage:
    """Return the image after all of it was read, or raise what is wrong with it.

    `digest` and `labels` are what earlier steps of the plan have found and built.
    """
    repository, _, tag = params.image_name.rpartition(":")
    image = names.checked(client.registry.host, repository, tag)
    digest = resolving.tagged(client.registry, image, digest).digest
    manifest = resolving.by_digest(client.registry, image, digest)
    signature = _signature(client, params, image, digest)
    reader = ImageReader(client.registry, image, say)
    platforms, files = [], []
    for each in _images(client.registry, image, manifest):
        described = client.registry.configuration(image, each)
        platforms.append(platform_of(described))
        say(f"Reading the image for {platforms[-1]}.")
        _require_labels(image, labels_of(described), labels or {})
        files.append(reader.read(each, described, params.files))
    return VerifiedImage(
        image=str(image),
        reference=image.at(digest),
        digest=digest,
        layers=reader.layers,
        platforms=tuple(platforms),
        files=files[0],
        signature=signature,
    )


def _images(registry: Registry, image: ImageName, manifest: Manifest) -> list[Manifest]:
    """Return the manifests of all platforms."""
    children = [registry.child(image, each.digest) for each in manifest.children]
    return children or [manifest]


def _require_labels(image: ImageName, found: dict[str, str], labels: dict[str, str]) -> None:
    wrong = sorted(name for name, value in labels.items() if found.get(name) != value)
    if wrong:
        raise StepFailed(
            f"{image} was not made from this run's archive: {', '.join(wrong)} differ. "
            "Build it anew."
        )


def _signature(
    client: DockerClient, params: VerifyImage, image: ImageName, digest: str
) -> Literal["valid", "not_measured"]:
    """Require a signature where a key is configured."""
    key = client.keys.verifying() if params.verify_signature else None
    if key is None:
        return "not_measured"
    if not signatures.is_signed(client.registry, image, digest, key):
        raise StepFailed(
            f"{image.at(digest)} has no valid signature by the key of the Docker connection. Sign "
            "it (sign_image), unless you do not know where it comes from."
        )
    return "valid"
