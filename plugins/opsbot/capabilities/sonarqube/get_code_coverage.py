"""Read how much of a project's code its tests run, and the files that lack most.

SonarQube says 0.0 % both where no test ran a line and where no coverage report arrived, so a
coverage without a single covered line is "not measured".
"""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import OfProject
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind

MOST_FILES = 100


class GetCodeCoverage(OfProject):
    """Whose coverage."""

    files: Annotated[int, Field(ge=0, le=MOST_FILES)] = 10
    """How many files to list, those with the most uncovered lines first."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_code_coverage",
    params=GetCodeCoverage,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Read code coverage",
    what_it_does="Reads a project's test coverage and the files with the most uncovered lines",
)
