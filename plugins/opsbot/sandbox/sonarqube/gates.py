"""Quality gates: conditions on measures, and the verdict on an analysis.

A condition without a value is no condition: it is not listed and fails nothing. The built-in gate
"Sonar way" has conditions on new code alone, and this SonarQube measures no new code, as every
SonarQube does on a first analysis: such a gate is OK whatever the code is like.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Condition:
    """One condition of a gate: what is too much, or too little."""

    metric: str
    comparator: str
    threshold: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()), compare=False)

    def fails(self, value: str) -> bool:
        """Tell whether a value fails it."""
        actual, limit = float(value), float(self.threshold)
        return actual > limit if self.comparator == "GT" else actual < limit


@dataclass(frozen=True)
class Gate:
    """A quality gate."""

    name: str
    conditions: tuple[Condition, ...]


ON_NEW_CODE = (
    Condition("new_violations", "GT", "0"),
    Condition("new_coverage", "LT", "80"),
    Condition("new_duplicated_lines_density", "GT", "3"),
    Condition("new_security_hotspots_reviewed", "LT", "100"),
)
SONAR_WAY = Gate("Sonar way", ON_NEW_CODE)
"""What projects are judged by that no other gate was selected for."""


def judge(conditions: Iterable[Condition], measures: dict[str, str]) -> dict[str, Any]:
    """Return the verdict on measures, as the API tells it."""
    judged = [
        _judged(condition, measures[condition.metric])
        for condition in conditions
        if condition.metric in measures
    ]
    failed = any(each["status"] == "ERROR" for each in judged)
    status = "ERROR" if failed else "OK"
    return {"status": status, "conditions": judged, "ignoredConditions": False}


def _judged(condition: Condition, value: str) -> dict[str, str]:
    is_rating = condition.metric.endswith("_rating")
    return {
        "status": "ERROR" if condition.fails(value) else "OK",
        "metricKey": condition.metric,
        "comparator": condition.comparator,
        "errorThreshold": condition.threshold,
        "actualValue": value.removesuffix(".0") if is_rating else value,
    }
