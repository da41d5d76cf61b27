"""List a project's open code smells, the worst first, and count them by severity.

Severities are SonarQube's older ones, which every rule of the kind code smell has.
"""

from typing import Annotated, Literal

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import OfProject
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind

MOST_ISSUES = 1000
Severity = Literal["BLOCKER", "CRITICAL", "MAJOR", "MINOR", "INFO"]


class GetCodeSmells(OfProject):
    """Whose code smells."""

    severity: tuple[Severity, ...] = ()
    """Which to list; none named: all."""
    limit: Annotated[int, Field(ge=0, le=MOST_ISSUES)] = 50
    """At most so many are listed; all are counted."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_code_smells",
    params=GetCodeSmells,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List code smells",
    what_it_does="Lists a project's open code smells by severity, and the effort to repair them",
)
