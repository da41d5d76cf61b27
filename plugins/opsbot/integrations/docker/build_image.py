"""Build an image from a build's archive and leave it on the Docker Engine, unpushed.

An image that the Engine already has under the wanted name with the very same origin is adopted.
What was built is looked up in the Engine afterwards: its labels must tell this run's archive.
"""

from pathlib import Path
from typing import Any

from opsbot.capabilities.docker.build_image import BuildImage
from opsbot.integrations.docker import building, engine, names
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import labels_of
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class BuiltImage(Value):
    """An image on the Docker Engine."""

    image: str
    image_id: str
    """Digest of its configuration; it gets a digest in a registry only when it is pushed."""
    size: int
    """Bytes of its files."""


def run(
    client: DockerClient, params: BuildImage, *, context: Path, labels: dict[str, str], say: Say
) -> BuiltImage:
    """Return the image made from this archive, building it if the Engine does not have it."""
    image = names.checked(client.registry.host, params.image_name, params.tag)
    recipe = building.recipe(client, context, params.dockerfile, params.build_args, labels)
    found = _made(client, image, recipe.labels)
    if found:
        say(f"{image} was made from this archive before: adopting {found['Id']}.")
        return _output(image, found)
    told = building.build(client, image, recipe, say)
    found = _made(client, image, recipe.labels)
    if found is None or found["Id"] != told:
        raise StepFailed(
            f"The Docker Engine built {told}, but what it has as {image} is something else: "
            "did another build take the name? Build again."
        )
    return _output(image, found)


def _made(client: DockerClient, image: ImageName, labels: dict[str, str]) -> dict[str, Any] | None:
    """Return the Engine's image of that name if its labels tell this origin."""
    found = engine.find(client.engine, str(image))
    described = {"config": (found or {}).get("Config")}
    return found if labels.items() <= labels_of(described).items() else None


def _output(image: ImageName, found: dict[str, Any]) -> BuiltImage:
    return BuiltImage(image=str(image), image_id=str(found["Id"]), size=int(found["Size"]))
