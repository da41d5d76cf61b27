"""Verify an image in the registry, byte by byte, as a stranger would.

The tag must still mean the digest that was pushed; the manifest's bytes must have that digest;
configuration and layers must have theirs; the labels must tell the origin that this run built. No
key is configured for signatures, so a signature is "not measured", which is not "valid".
"""

from typing import Literal

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import names
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.manifests import Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class VerifiedImage(Value):
    """An image whose bytes were read and found right."""

    image: str
    reference: str
    """`host/name@digest`: what is deployed."""
    digest: str
    layers: int
    signature: Literal["valid", "not_measured"]


def run(
    client: DockerClient, params: VerifyImage, *, digest: str, labels: dict[str, str], say: Say
) -> VerifiedImage:
    """Return the image after all of it was read, or raise what is wrong with it."""
    if not names.DIGEST.fullmatch(digest):
        raise Refused(f"{digest!r} is no digest of an image.")
    repository, _, tag = params.image_name.rpartition(":")
    image = names.checked(client.registry.host, repository, tag)
    _require_tag(client, image, digest)
    manifest = client.registry.manifest(image, digest)
    if manifest is None:
        raise StepFailed(f"{image.at(digest)} is not in the registry; push it again.")
    _require_labels(client, image, manifest, labels)
    layers = client.registry.platform(image, manifest).layers
    for number, layer in enumerate(layers, start=1):
        say(f"Reading layer {number} of {len(layers)} ({layer.size} bytes).")
        client.registry.check(image, layer)
    return VerifiedImage(
        image=str(image),
        reference=image.at(digest),
        digest=digest,
        layers=len(layers),
        signature="not_measured",
    )


def _require_tag(client: DockerClient, image: ImageName, digest: str) -> None:
    found = client.registry.digest(image)
    if found is None:
        raise StepFailed(f"{image} is not in the registry; push it again.")
    if found != digest:
        raise StepFailed(
            f"{image} means {found} now, and {digest} was pushed: somebody moved the tag. "
            "Find out who, then build anew."
        )


def _require_labels(
    client: DockerClient, image: ImageName, manifest: Manifest, labels: dict[str, str]
) -> None:
    found = client.registry.labels(image, manifest)
    wrong = sorted(name for name, value in labels.items() if found.get(name) != value)
    if wrong:
        raise StepFailed(
            f"{image} was not made from this run's archive: {', '.join(wrong)} differ. "
            "Build it anew."
        )
