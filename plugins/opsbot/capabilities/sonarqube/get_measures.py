"""Read any measures of a project by their metric keys."""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.sonarqube.project_names import MetricKey, OfProject
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind

MOST_METRICS = 50
USUAL = (
    "ncloc",
    "bugs",
    "vulnerabilities",
    "code_smells",
    "security_hotspots",
    "coverage",
    "duplicated_lines_density",
    "security_rating",
    "reliability_rating",
    "sqale_rating",
)


class GetMeasures(OfProject):
    """Which measures of which project."""

    metrics: Annotated[tuple[MetricKey, ...], Field(min_length=1, max_length=MOST_METRICS)] = USUAL


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_measures",
    params=GetMeasures,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Read measures",
    what_it_does="Reads the measures of a project: size, ratings, counts of findings, coverage",
)
