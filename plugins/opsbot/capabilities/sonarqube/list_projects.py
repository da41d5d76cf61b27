"""List the projects that the connection's user may see."""

from typing import Annotated, Literal

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind

MOST_PROJECTS = 1000


class ListProjects(Value):
    """Which projects."""

    quality_gate: Literal["OK", "ERROR"] | None = None
    """Only those whose gate says so; None: all, those never analysed too."""
    limit: Annotated[int, Field(ge=1, le=MOST_PROJECTS)] = 100
    """At most so many; how many more there are is said."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="list_projects",
    params=ListProjects,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List projects",
    what_it_does="Lists the projects in SonarQube and when each was last analysed",
)
