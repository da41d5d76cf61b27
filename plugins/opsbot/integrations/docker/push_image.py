"""Build an image from a build's archive, push it, and find its digest in the registry.

An image that was made from the same archive, Dockerfile and build arguments is adopted, not built
again: its labels say so, and they are part of what the digest covers. It is pushed under two tags:
first a lasting one with the commit, which is never moved, then the wanted one. So a digest that
was deployed keeps a name, and a step that died between the two finds its image.
"""

from functools import partial
from pathlib import Path

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.integrations.docker import building, names, stream
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.manifests import Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class ImageOutput(Value):
    """An image in the registry."""

    image: str
    digest: str
    size: int
    """Bytes of its layers and configuration, as stored."""


def run(
    client: DockerClient,
    params: PushImage,
    *,
    context: Path,
    labels: dict[str, str],
    say: Say,
) -> ImageOutput:
    """Return the image made from this archive, building and pushing it if it is not there yet."""
    image = names.checked(client.registry.host, params.image_name, params.tag)
    recipe = building.recipe(client, context, params.dockerfile, params.build_args, labels)
    lasting = names.lasting(image, recipe.labels)
    manifest = _stored(client, (*lasting, image), recipe.labels)
    if manifest:
        say(f"{image} was made from this archive before: adopting {manifest.digest}.")
    else:
        free = next(each for each in lasting if client.registry.digest(each) is None)
        building.build(client, free, recipe, say)
        manifest = _push(client, free, recipe.labels, say)
    _name(client, image, lasting, manifest)
    size = client.registry.platform(image, manifest).size
    return ImageOutput(image=str(image), digest=manifest.digest, size=size)


def _stored(
    client: DockerClient, places: tuple[ImageName, ...], labels: dict[str, str]
) -> Manifest | None:
    """Return the image of exactly this origin, if one of the names has it already."""
    for place in places:
        manifest = client.registry.manifest(place)
        if manifest and labels.items() <= client.registry.labels(place, manifest).items():
            return manifest
    return None


def _push(client: DockerClient, image: ImageName, labels: dict[str, str], say: Say) -> Manifest:
    """Push, and return what the registry then really has; it must be what was pushed."""
    push = partial(client.engine.push, image.place, tag=image.tag, stream=True, decode=True)
    records = stream.read(push, f"pushing {image}", say)
    pushed = [record["Digest"] for record in records if "Digest" in record]
    said, manifest = client.registry.digest(image), client.registry.manifest(image)
    if manifest is None or {manifest.digest} != {*pushed, said}:
        raise StepFailed(
            f"{image} was pushed as {pushed or 'nothing'}, but the registry has {said}: somebody "
            "else pushed the same name, or the push was lost."
        )
    if not labels.items() <= client.registry.labels(image, manifest).items():
        raise StepFailed(f"{image} in the registry does not have the labels it was built with.")
    return manifest


def _name(
    client: DockerClient, image: ImageName, lasting: tuple[ImageName, ...], manifest: Manifest
) -> None:
    """Give the image one lasting name and the wanted one."""
    digests = {each: client.registry.digest(each) for each in lasting}
    if manifest.digest not in digests.values():
        client.registry.put(next(each for each in lasting if not digests[each]), manifest)
    if client.registry.digest(image) != manifest.digest:
        client.registry.put(image, manifest)
