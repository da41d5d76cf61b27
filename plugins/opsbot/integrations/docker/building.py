"""Build an image from a build's archive, and label it with where it comes from.

The labels name the archive's very bytes and the recipe (Dockerfile and build arguments). They are
part of what an image's digest covers, so an image that has them need not be built again.
"""

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

from opsbot.integrations.docker import contexts, stream
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.names import ARCHIVE, RECIPE, ImageName
from opsbot.integrations.docker.unpacking import Packing
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class Recipe(Value):
    """What an image is made from."""

    context: Path
    """The archive: a tar, gzipped or not."""
    dockerfile: str
    build_args: dict[str, str]
    labels: dict[str, str]


def recipe(
    client: DockerClient,
    context: Path,
    dockerfile: str,
    build_args: dict[str, str],
    labels: dict[str, str],
) -> Recipe:
    """Return the recipe with the platform's build arguments and the labels of its origin."""
    build_args = {**build_args, **client.build_args}
    labels = labels | _origin(context, dockerfile, build_args, labels)
    return Recipe(context=context, dockerfile=dockerfile, build_args=build_args, labels=labels)


def _origin(
    context: Path, dockerfile: str, build_args: dict[str, str], labels: dict[str, str]
) -> dict[str, str]:
    with context.open("rb") as file:
        archive = hashlib.file_digest(file, "sha256").hexdigest()
    if labels.get(ARCHIVE, archive) != archive:
        raise StepFailed(
            f"The archive at hand has sha256 {archive}, and {labels[ARCHIVE]} is to be built. "
            "Fetch the archive of the build again."
        )
    described = json.dumps({"dockerfile": dockerfile, "build_args": build_args}, sort_keys=True)
    return {ARCHIVE: archive, RECIPE: hashlib.sha256(described.encode()).hexdigest()}


def build(client: DockerClient, image: ImageName, recipe: Recipe, say: Say) -> str | None:
    """Build on the Engine under a name, and return the image ID that the Engine says."""
    packing = contexts.checked(recipe.context)
    with recipe.context.open("rb") as file:
        options: dict[str, Any] = {
            "fileobj": file,
            "custom_context": True,
            "encoding": "gzip" if packing is Packing.GZIP else None,
            "tag": str(image),
            "rm": True,
            "forcerm": True,
            "decode": True,
            "dockerfile": recipe.dockerfile,
            "buildargs": recipe.build_args,
            "labels": recipe.labels,
        }
        records = stream.read(partial(client.engine.build, **options), f"building {image}", say)
    return next((str(each["ID"]) for each in reversed(records) if "ID" in each), None)
