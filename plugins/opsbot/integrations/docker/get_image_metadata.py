"""Read what an image is from the registry's own bytes, and which of its tags leads to it.

Nothing is guessed: candidate tags that lead to different images are an error that a person has to
resolve. Environment variables in the configuration are left out; they may hold secrets.
"""

from typing import Any

from opsbot.capabilities.docker.get_image_metadata import GetImageMetadata
from opsbot.integrations.docker import manifests, names
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.manifests import Blob, Manifest
from opsbot.integrations.docker.names import ARCHIVE, REVISION, VERSION, ImageName
from opsbot.integrations.docker.registry import labels_of
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact_value

MOST_LABELS = 64
LONGEST_LABEL = 500


class ImageMetadata(Value):
    """An image as the registry has it."""

    image: str
    tag: str
    """The candidate that led to it."""
    reference: str
    """`host/name@digest`"""
    digest: str
    """Of the index, where the image is one for several platforms."""
    platform: str
    """The one that is described below."""
    platforms: tuple[str, ...]
    created: str | None
    """When it was built, as the image says (RFC 3339)."""
    revision: str | None
    """The commit it was made from."""
    version: str | None
    archive_sha256: str | None
    """Of the build's archive it was made from."""
    labels: dict[str, str]
    """At most 64, each cut after 500 characters, secrets masked."""
    size: int
    """Bytes to transfer: layers and configuration."""
    layers: tuple[Blob, ...]


def run(client: DockerClient, params: GetImageMetadata, *, say: Say) -> ImageMetadata:
    """Return the one image that the candidate tags lead to."""
    image, manifest = _chosen(client, params, say)
    described = client.registry.platform(image, manifest, params.platform)
    configuration = client.registry.configuration(image, described)
    platform = manifests.platform_of(configuration)
    if manifest.children:
        platform = _platform_in(manifest, described)
    elif params.platform not in (None, platform):
        raise StepFailed(f"{image} is made for {platform} alone, not for {params.platform}.")
    platforms = tuple(each.platform for each in manifest.children) or (platform,)
    say(f"{image} is {manifest.digest}, for {', '.join(platforms)}; described for {platform}.")
    return ImageMetadata(
        image=str(image),
        tag=image.tag,
        reference=image.at(manifest.digest),
        digest=manifest.digest,
        platform=platform,
        platforms=platforms,
        size=described.size,
        layers=described.layers,
        **_origin(configuration),
    )


def _chosen(client: DockerClient, params: GetImageMetadata, say: Say) -> tuple[ImageName, Manifest]:
    """Return the first candidate that is there; all that are there must be the same image."""
    candidates = [
        names.checked(client.registry.host, params.image_name, tag)
        for tag in dict.fromkeys(params.tags)
    ]
    looked_up = ((each, client.registry.manifest(each)) for each in candidates)
    found = [(each, manifest) for each, manifest in looked_up if manifest]
    wanted = ", ".join(params.tags)
    if not found:
        raise StepFailed(
            f"{candidates[0].place} has none of the tags {wanted}: name a version that was "
            "deployed before."
        )
    if len({manifest.digest for _, manifest in found}) > 1:
        listed = ", ".join(f"{each.tag} is {manifest.digest[:19]}" for each, manifest in found)
        raise StepFailed(
            f"{candidates[0].place} has different images under these tags: {listed}. "
            "Say from which environment."
        )
    return found[0]


def _platform_in(manifest: Manifest, described: Manifest) -> str:
    return next(each.platform for each in manifest.children if each.digest == described.digest)


def _origin(configuration: dict[str, Any]) -> dict[str, Any]:
    labels = labels_of(configuration)
    shown = {name[:LONGEST_LABEL]: value[:LONGEST_LABEL] for name, value in labels.items()}
    shown = redact_value(dict(sorted(shown.items())[:MOST_LABELS]))
    created = configuration.get("created")
    return {
        "created": created[:LONGEST_LABEL] if isinstance(created, str) else None,
        "revision": shown.get(REVISION),
        "version": shown.get(VERSION),
        "archive_sha256": shown.get(ARCHIVE),
        "labels": shown,
    }
