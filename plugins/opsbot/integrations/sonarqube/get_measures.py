"""Read measures by metric key; ratings as letters, A to E, everything else as SonarQube writes it.

SonarQube leaves out what it did not measure; such a metric is listed as not measured.
"""

from opsbot.capabilities.sonarqube.get_measures import GetMeasures
from opsbot.integrations.sonarqube import findings, measures, project
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.project import Reading
from opsbot.vocabulary.progress import Say

RATINGS = dict(enumerate("ABCDE", start=1))


class ProjectMeasures(Reading):
    """Measures of a project."""

    measures: dict[str, str]
    """By metric key."""
    not_measured: tuple[str, ...]


def run(client: SonarClient, params: GetMeasures, *, say: Say) -> ProjectMeasures:
    """Return the measures; `StepFailed` where SonarQube does not know a metric."""
    found = project.analysed(client, params, say)
    values = measures.of_project(client, found, params.metrics)
    project.require_unchanged(client, found)
    absent = tuple(metric for metric in params.metrics if metric not in values)
    if absent:
        say(f"Not measured of {found.project_key}: {', '.join(absent)}.")
    return ProjectMeasures(
        **found.model_dump(),
        measures={
            metric: _written(metric, values[metric])
            for metric in params.metrics
            if metric in values
        },
        not_measured=absent,
    )


def _written(metric: str, value: str) -> str:
    if not metric.endswith("_rating"):
        return findings.words(value)
    number = measures.number({metric: value}, metric)
    return RATINGS.get(int(number or 0), value)
