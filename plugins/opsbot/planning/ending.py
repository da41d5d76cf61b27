"""How a plan's run ended, from the states of its tasks.

A run is carried out only if everything that its plan demands has succeeded: Airflow lets a person
mark or skip any task, so no single state speaks for the others. What became of the version before
is a second answer, for a failure that was rolled back is not the same as one that was not.
"""

from collections.abc import Mapping
from enum import StrEnum

from opsbot.planning.plan import Plan
from opsbot.vocabulary.words import Guard

States = Mapping[str, str | None]
"""Task ids with their states in Airflow's words."""

_BEFORE_CHANGE = (Guard.GATE, Guard.PREVIEW, Guard.APPROVAL, Guard.BACKUP)
_WAY_BACK = (Guard.ROLLBACK.value, Guard.VERIFY_ROLLBACK.value)


class Status(StrEnum):
    """How a run ended."""

    COMPLETED = "COMPLETED"
    NOT_APPROVED = "NOT APPROVED"
    FAILED = "FAILED"
    INCOMPLETE = "INCOMPLETE"
    """No task failed, yet not all that is demanded was done."""


class WayBack(StrEnum):
    """What became of the version before."""

    UNTOUCHED = "untouched"
    """There was nothing to roll back."""
    RESTORED = "restored"
    UNVERIFIED = "unverified"
    """It was restored; that it serves was not seen."""
    FAILED = "failed"


def demanded(plan: Plan) -> tuple[str, ...]:
    """Return the tasks without which a plan is not carried out, in the order in which they run."""
    guards = [each.value for each in _BEFORE_CHANGE if each in plan.guards]
    ids: list[str] = []
    for step in plan.steps:
        if step == plan.change:
            ids, guards = [*ids, *guards], []
        ids.append(step.id)
    after = (Guard.VALIDATION.value,) if Guard.VALIDATION in plan.guards else ()
    return (*ids, *guards, *after)


def status(plan: Plan, states: States) -> Status:
    """Return how a run ended."""
    failed = failures(plan, states)
    if Guard.APPROVAL in failed:
        return Status.NOT_APPROVED
    if failed or way_back(states) is not WayBack.UNTOUCHED:
        return Status.FAILED
    done = all(states.get(task) == "success" for task in demanded(plan))
    return Status.COMPLETED if done else Status.INCOMPLETE


def failures(plan: Plan, states: States) -> tuple[str, ...]:
    """Return the demanded tasks that failed, in the order in which they run."""
    return tuple(each for each in demanded(plan) if states.get(each) == "failed")


def way_back(states: States) -> WayBack:
    """Return what became of the version before."""
    match tuple(states.get(each) for each in _WAY_BACK):
        case "success", "success":
            return WayBack.RESTORED
        case "success", _:
            return WayBack.UNVERIFIED
        case "failed" | "upstream_failed", _:
            return WayBack.FAILED
        case _:
            return WayBack.UNTOUCHED
