"""Build an image from the archive of the Jenkins build, and leave it on the Docker Engine.

Nothing is pushed. An image of the same archive, Dockerfile and build arguments that the Engine
already has under the wanted name is adopted.
"""

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.docker.image_names import Repository, Tag
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class BuildImage(Value):
    """What to build and how to name it on the Engine."""

    image_name: Repository
    tag: Tag
    dockerfile: str
    build_args: dict[str, str] = Field(default_factory=dict)


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="build_image",
    params=BuildImage,
    risk=Risk.LOW,
    duration=Span(min=60, max=300),
    changes=True,
    undo="`docker image rm` of the image on the Docker Engine; no registry has it",
    summary="Build image",
    what_it_does="Builds Docker image from Dockerfile and tags it, without pushing it",
)
