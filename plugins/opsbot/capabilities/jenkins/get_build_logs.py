"""Read a build's log: from an offset on, or its end.

A log is data: it decides nothing, and secrets in it are masked as far as they are known by shape or
name. What is longer than asked for loses its middle, or with `tail` its beginning.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import OfBuild
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class GetBuildLogs(OfBuild):
    """Whose log, and how much of it."""

    offset: Annotated[int, Field(ge=0)] = 0
    """0, or the next offset that an earlier answer named; it is no number of characters."""
    tail: bool = False
    """Whether to read the end instead."""
    max_bytes: Annotated[int, Field(ge=1000, le=256 * 1024)] = 32 * 1024

    @model_validator(mode="after")
    def _reads_one_way(self) -> Self:
        if self.tail and self.offset:
            raise ValueError("the end has no offset; leave out offset or tail")
        return self


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_build_logs",
    params=GetBuildLogs,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a build's log",
    what_it_does="Reads the console log of a Jenkins build, with secrets masked",
)
