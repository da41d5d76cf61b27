"""A quality gate that judges all code, made where there is none.

The gate that SonarQube brings judges new code alone, and so does a gate that was made without
another thought: either lets every first analysis pass. A gate of this kind judges whatever is in
the project. A gate that is there already may judge other projects too, so nothing of it is
changed: what it lacks is only said.
"""

from contextlib import suppress
from typing import Any

from opsbot.integrations.sonarqube.client import NotFound, SonarClient
from opsbot.integrations.sonarqube.gates import RELATIONS
from opsbot.vocabulary.errors import OpsBotError, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

RIGHT = "Administer Quality Gates"


class Demand(Value):
    """A condition that a gate must have: what is too much (GT) or too little (LT)."""

    metric: str
    comparator: str
    threshold: str

    def __str__(self) -> str:
        return f"{self.metric} {RELATIONS[self.comparator]} {self.threshold}"

    def is_met_by(self, condition: dict[str, Any]) -> bool:
        """Tell whether a gate's condition is at least as strict."""
        if (condition.get("metric"), condition.get("op")) != (self.metric, self.comparator):
            return False
        try:
            theirs, ours = float(condition["error"]), float(self.threshold)
        except (KeyError, TypeError, ValueError):
            return False
        return theirs <= ours if self.comparator == "GT" else theirs >= ours


def demands(coverage: int) -> tuple[Demand, ...]:
    """Return the conditions of a gate; `coverage` is the least per cent, 0 for none demanded.

    Ratings are numbers: 1 is A. A project without tests has a coverage of 0 per cent, one without
    hotspots has none to review and is not judged by that condition.
    """
    always = (
        Demand(metric="vulnerabilities", comparator="GT", threshold="0"),
        Demand(metric="bugs", comparator="GT", threshold="0"),
        Demand(metric="security_rating", comparator="GT", threshold="1"),
        Demand(metric="reliability_rating", comparator="GT", threshold="1"),
        Demand(metric="duplicated_lines_density", comparator="GT", threshold="3"),
        Demand(metric="security_hotspots_reviewed", comparator="LT", threshold="100"),
    )
    covered = Demand(metric="coverage", comparator="LT", threshold=str(coverage))
    return (*always, covered) if coverage else always


def provide(client: SonarClient, name: str, coverage: int, say: Say) -> tuple[str, ...]:
    """Make the gate unless it is there; return what one that was there lacks."""
    wanted = demands(coverage)
    there = conditions(client, name)
    if there is None:
        _make(client, name, wanted)
        say(f"Made the quality gate {name!r}: it fails on {', '.join(map(str, wanted))}.")
        there = conditions(client, name) or []
        if lacking := _lacking(wanted, there):
            raise StepFailed(f"SonarQube did not keep these conditions: {', '.join(lacking)}.")
        return ()
    say(f"The quality gate {name!r} is there.")
    return _lacking(wanted, there)


def conditions(client: SonarClient, name: str) -> list[dict[str, Any]] | None:
    """Return the conditions of a gate, or None where there is no gate of that name."""
    try:
        return client.get("qualitygates/show", name=name).get("conditions") or []
    except NotFound:
        return None


def _make(client: SonarClient, name: str, wanted: tuple[Demand, ...]) -> None:
    client.post("qualitygates/create", needs=RIGHT, name=name)
    try:
        # A new gate comes with conditions on new code; ours are on all of it.
        for each in conditions(client, name) or []:
            client.post("qualitygates/delete_condition", needs=RIGHT, id=str(each.get("id")))
        for demand in wanted:
            _add(client, name, demand)
    except OpsBotError:
        # Half a gate would be taken for a whole one the next time.
        with suppress(OpsBotError):
            client.post("qualitygates/destroy", needs=RIGHT, name=name)
        raise


def _add(client: SonarClient, name: str, demand: Demand) -> None:
    client.post(
        "qualitygates/create_condition",
        needs=RIGHT,
        gateName=name,
        metric=demand.metric,
        op=demand.comparator,
        error=demand.threshold,
    )


def _lacking(wanted: tuple[Demand, ...], there: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(
        str(demand) for demand in wanted if not any(demand.is_met_by(each) for each in there)
    )
