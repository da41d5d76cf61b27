"""Read how much of a project is copied code, and where the copies stand."""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import OfProject
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind

MOST_FILES = 50


class GetDuplications(OfProject):
    """Whose duplications."""

    files: Annotated[int, Field(ge=0, le=MOST_FILES)] = 10
    """How many files to look into, those with the most duplicated lines first."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_duplications",
    params=GetDuplications,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Find duplicated code",
    what_it_does="Reads how much code is duplicated, and which lines of which files are copies",
)
