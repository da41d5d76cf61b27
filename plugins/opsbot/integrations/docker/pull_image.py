"""Pull an image to the Docker Engine, by the digest that the registry has for its tag.

The tag is looked up first, and what is pulled is the digest: a tag that moves meanwhile changes
nothing. Afterwards the Engine must hold that digest, and its own tag must mean it.
"""

from functools import partial
from typing import Any

from opsbot.capabilities.docker.pull_image import PullImage
from opsbot.integrations.docker import engine, names, resolving, stream
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.names import ImageName
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class PulledImage(Value):
    """An image that the Docker Engine has."""

    image: str
    reference: str
    """`host/name@digest`"""
    digest: str
    image_id: str
    size: int
    """Bytes of its files."""


def run(
    client: DockerClient, params: PullImage, *, digest: str | None = None, say: Say
) -> PulledImage:
    """Return the image after the Engine has it; a given digest must be what the tag means."""
    image = names.checked(client.registry.host, params.image_name, params.tag)
    digest = resolving.tagged(client.registry, image, digest).digest
    reference = image.at(digest)
    if engine.find(client.engine, reference):
        say(f"The Docker Engine has {reference} already.")
    else:
        pull = partial(client.engine.pull, image.place, tag=digest, stream=True, decode=True)
        stream.read(pull, f"pulling {reference}", say)
    found = _named(client, image, reference)
    return PulledImage(
        image=str(image),
        reference=reference,
        digest=digest,
        image_id=str(found["Id"]),
        size=int(found["Size"]),
    )


def _named(client: DockerClient, image: ImageName, reference: str) -> dict[str, Any]:
    """Name the pulled image by its tag, and return what the Engine then has under that name."""
    if engine.find(client.engine, reference) is None:
        raise StepFailed(
            f"The Docker Engine reported no error, but it does not have {reference}. Pull again."
        )
    engine.tag(client.engine, reference, image.place, image.tag)
    found = engine.find(client.engine, str(image))
    if found is None or reference not in (found.get("RepoDigests") or []):
        raise StepFailed(
            f"{image} on the Docker Engine is another image than {reference}: did another pull "
            "take the name? Pull again."
        )
    return found
