"""Measures by metric key. They are texts, and what was not measured is left out, not 0.

Measures of new code (`new_...`) stand in a period.
"""

from typing import Any

from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.project import Project
from opsbot.vocabulary.errors import StepFailed

Measures = dict[str, str]


def of_project(client: SonarClient, project: Project, metrics: tuple[str, ...]) -> Measures:
    """Return a project's measures; a metric that SonarQube does not know is `StepFailed`."""
    answer = client.get(
        "measures/component",
        component=project.project_key,
        metricKeys=",".join(metrics),
        **project.scope,
    )
    return _values(answer.get("component") or {})


def of_files(
    client: SonarClient, project: Project, metrics: tuple[str, ...], most: int
) -> list[tuple[str, Measures]]:
    """Return the files with the highest first metric, by their keys (`project:path`)."""
    answer = client.get(
        "measures/component_tree",
        component=project.project_key,
        metricKeys=",".join(metrics),
        strategy="leaves",
        qualifiers="FIL",
        s="metric",
        metricSort=metrics[0],
        metricSortFilter="withMeasuresOnly",
        asc="false",
        ps=str(max(1, most)),
        **project.scope,
    )
    found = answer.get("components") or []
    return [(str(each.get("key")), _values(each)) for each in found[:most]]


def number(measures: Measures, metric: str) -> float | None:
    """Return a measure as a number, or None where it was not measured."""
    text = measures.get(metric)
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        raise StepFailed(f"SonarQube's {metric} is {text[:40]!r}, which is no number.") from None


def count(measures: Measures, metric: str) -> int | None:
    """Return a measure as a whole number, or None where it was not measured."""
    found = number(measures, metric)
    return None if found is None else int(found)


def _values(component: dict[str, Any]) -> Measures:
    found = {str(each.get("metric")): _value(each) for each in component.get("measures") or []}
    return {metric: str(value) for metric, value in found.items() if value is not None}


def _value(measure: dict[str, Any]) -> Any:
    periods = measure.get("periods") or [{}]
    return measure.get("value", (measure.get("period") or periods[0]).get("value"))
