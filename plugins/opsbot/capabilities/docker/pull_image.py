"""Pull an image from the registry to the Docker Engine, by the digest that its tag has now."""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.docker.image_names import Repository, Tag
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class PullImage(Value):
    """Which image to pull."""

    image_name: Repository
    tag: Tag


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="pull_image",
    params=PullImage,
    risk=Risk.LOW,
    duration=Span(min=1, max=300),
    changes=True,
    undo="`docker image rm` of the image on the Docker Engine; the registry keeps it",
    summary="Pull image from registry",
    what_it_does="Pulls the image to the Docker Engine by digest and checks what has arrived",
)
