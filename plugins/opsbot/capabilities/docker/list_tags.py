"""List the tags of a repository, the highest version first."""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.docker.image_names import Repository
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind

MOST_TAGS = 1000


class ListTags(Value):
    """Whose tags."""

    image_name: Repository
    limit: Annotated[int, Field(ge=1, le=MOST_TAGS)] = 100
    """At most so many; how many more there are is said."""


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="list_tags",
    params=ListTags,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List image tags",
    what_it_does="Lists the tags of an image in the registry, highest version first",
)
