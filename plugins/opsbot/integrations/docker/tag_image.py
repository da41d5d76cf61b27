"""Give an image in the registry another tag, by storing its manifest's bytes under it.

The digest stays the same, so what was tested is what the new tag means. If another image had the
tag, that image first gets the tag `<tag>-<twelve digits of its digest>`: no clean-up of the
registry can then take the way back.
"""

from opsbot.capabilities.docker.tag_image import TagImage
from opsbot.integrations.docker import names, resolving
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.manifests import Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class TaggedImage(Value):
    """An image under its new tag."""

    image: str
    reference: str
    """`host/name@digest`"""
    digest: str
    previous: str | None
    """Digest that the tag meant before; None if it is new or already meant this image."""


def run(
    client: DockerClient, params: TagImage, *, digest: str | None = None, say: Say
) -> TaggedImage:
    """Return the image after the registry was seen to have it under the new tag.

    `digest` is what an earlier step of the plan has found.
    """
    image = names.checked(client.registry.host, params.image_name, params.tag)
    manifest = _source(client, params, image, digest)
    before = client.registry.manifest(image)
    if before and before.digest == manifest.digest:
        say(f"{image} means {manifest.digest} already.")
        return _output(image, manifest, None)
    if before:
        _keep(client, image, before, say)
    client.registry.put(image, manifest)
    resolving.tagged(client.registry, image, manifest.digest)
    say(f"{image} means {manifest.digest} now.")
    return _output(image, manifest, before.digest if before else None)


def _source(
    client: DockerClient, params: TagImage, image: ImageName, digest: str | None
) -> Manifest:
    """Return the manifest to tag; all that names it must name the same."""
    wanted = params.source_digest or digest
    if digest and wanted != digest:
        raise Refused(f"The plan says {wanted}, and {digest} was found: they must be the same.")
    if params.source_tag:
        source = image.tagged(params.source_tag)
        wanted = resolving.tagged(client.registry, source, wanted).digest
    if not wanted:
        raise Refused("Name the image to tag: by its digest, or by a tag that it has.")
    return resolving.by_digest(client.registry, image, wanted)


def _keep(client: DockerClient, image: ImageName, before: Manifest, say: Say) -> None:
    """Give the image that loses the tag a name of its own."""
    kept = image.tagged(f"{image.tag}-{before.digest[7:19]}")
    client.registry.put(kept, before)
    if client.registry.digest(kept) != before.digest:
        raise StepFailed(f"{kept} does not mean {before.digest}; {image} was not moved.")
    say(f"{image} meant {before.digest} so far; that image is kept as {kept}.")


def _output(image: ImageName, manifest: Manifest, previous: str | None) -> TaggedImage:
    return TaggedImage(
        image=str(image),
        reference=image.at(manifest.digest),
        digest=manifest.digest,
        previous=previous,
    )
