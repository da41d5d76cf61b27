"""What SonarQube says of a quality gate.

A condition may be listed without a value ("0 of 0 hotspots reviewed"): it is OK and judged
nothing.
"""

from typing import Any

from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.findings import words
from opsbot.vocabulary.model import Value

RELATIONS = {"GT": "above", "LT": "below"}


class Condition(Value):
    """One condition of a gate and how it was met."""

    metric: str
    status: str
    comparator: str = ""
    threshold: str = ""
    actual: str | None = None

    @property
    def judged(self) -> bool:
        """Whether there was a value to judge."""
        return self.actual is not None

    def __str__(self) -> str:
        relation = RELATIONS.get(self.comparator, self.comparator)
        return f"{self.metric} is {self.actual}, {relation} {self.threshold}"


def name(client: SonarClient, project_key: str) -> str | None:
    """Return the name of the gate that judges a project from its next analysis on."""
    answer = client.get("qualitygates/get_by_project", project=project_key)
    return (answer.get("qualityGate") or {}).get("name")


def status(client: SonarClient, **of: str) -> dict[str, Any]:
    """Return the verdict on one analysis (`analysisId`), or on a project's last (`projectKey`)."""
    return client.get("qualitygates/project_status", **of).get("projectStatus") or {}


def conditions(status: dict[str, Any]) -> tuple[Condition, ...]:
    """Return the conditions of a verdict."""
    return tuple(_condition(each) for each in status.get("conditions") or [])


def _condition(found: dict[str, Any]) -> Condition:
    actual = found.get("actualValue")
    return Condition(
        metric=words(found.get("metricKey")),
        status=words(found.get("status")),
        comparator=words(found.get("comparator", "")),
        threshold=words(found.get("errorThreshold", "")),
        actual=None if actual is None else words(actual),
    )
