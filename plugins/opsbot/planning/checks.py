"""Checks cannot be switched off where a plan changes a cluster.

The same tool answers a question and checks a change: its arguments named `checks` say which. A
question may be answered with the truth about an unhealthy application; a change that leaves its
application unhealthy has failed, whatever its pattern would like.
"""

from collections.abc import Mapping

from opsbot.planning.plan import Step
from opsbot.vocabulary.errors import PlanningError

Checks = Mapping[str, tuple[str, ...]]
"""For each step id the arguments that are checks."""


def require(steps: tuple[Step, ...], checks: Checks) -> None:
    """Raise a `PlanningError` for the first check that a changing plan switches off."""
    if not any(each.changes_cluster for each in steps):
        return
    for step in steps:
        for argument in switched_off(step, checks):
            raise PlanningError(
                f"Step {step.id!r} switches off {argument!r} of {step.capability}, but the plan "
                "changes a cluster, and a change is checked. Set it to true in the pattern, or "
                "leave it out there."
            )


def switched_off(step: Step, checks: Checks) -> tuple[str, ...]:
    """Return the checks of a step that are not on."""
    return tuple(each for each in checks.get(step.id, ()) if step.arguments.get(each) is not True)
