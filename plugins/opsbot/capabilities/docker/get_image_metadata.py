"""Say what an image is, from the registry's own bytes: digest, origin, platforms, age and size.

An image may have a tag for each environment it went through. The candidates are looked up in their
order of preference; if they mean different images, only a person can say which one is meant.
"""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.docker.image_names import Repository, Tag
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind

MOST_TAGS = 32


class GetImageMetadata(Value):
    """Which image to describe."""

    image_name: Repository
    tags: Annotated[tuple[Tag, ...], Field(min_length=1, max_length=MOST_TAGS)]
    """Candidates, the preferred one first."""
    platform: Annotated[str, Field(pattern=r"^[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9]+)?$")] | None = None
    """`linux/arm64` of an image for several; none: linux/amd64, or else the first."""


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="get_image_metadata",
    params=GetImageMetadata,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get image metadata",
    what_it_does="Finds the image in the registry and reads its digest, labels, platforms and size",
)
