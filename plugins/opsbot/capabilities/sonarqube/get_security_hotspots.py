"""List a project's security hotspots: code that a person has to judge.

A hotspot is no vulnerability until somebody reviews it and says so. Hard-coded passwords and
evaluated text are hotspots, so a search for vulnerabilities alone does not show them.
"""

from typing import Annotated, Literal

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import OfProject
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind

MOST_HOTSPOTS = 1000


class GetSecurityHotspots(OfProject):
    """Whose hotspots."""

    status: Literal["TO_REVIEW", "REVIEWED"] = "TO_REVIEW"
    limit: Annotated[int, Field(ge=0, le=MOST_HOTSPOTS)] = 50
    """At most so many are listed; all are counted."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_security_hotspots",
    params=GetSecurityHotspots,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List security hotspots",
    what_it_does="Lists the security-sensitive code that a person has to review",
)
