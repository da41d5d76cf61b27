"""Give an image in the registry another tag: the same manifest, byte for byte, never a rebuild.

This is how a tested image reaches its next environment. A tag that another image had is moved;
that image keeps a name of its own, so its digest can still be deployed.
"""

from typing import Self

from pydantic import model_validator

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.docker.image_names import Digest, Repository, Tag
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class TagImage(Value):
    """Which image gets which tag.

    The image is named by its digest or by a tag it has; where neither is, an earlier step of the
    plan has found its digest.
    """

    image_name: Repository
    tag: Tag
    """The new tag."""
    source_digest: Digest | None = None
    source_tag: Tag | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.source_digest and self.source_tag:
            raise ValueError("name the image by source_digest or by source_tag, not by both")
        return self


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="tag_image",
    params=TagImage,
    risk=Risk.MEDIUM,
    duration=Span(min=0, max=30),
    changes=True,
    undo="tag_image with the digest that the tag had before, which the step's output names",
    summary="Tag a Docker image",
    what_it_does="Gives the image's digest another tag in the registry, without a rebuild",
)
