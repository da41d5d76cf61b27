"""What the demo saw, as a report for programs, and whether it ended as the scenario should.

Everything here is computed from what was observed: Airflow's word for runs and tasks, the API
server's for the Deployment, the users' for their requests, Slack's for the messages.
"""

from datetime import datetime
from typing import Any

from opsbot.doors.demo import expectation
from opsbot.doors.demo.attempt import Attempt, Task
from opsbot.doors.demo.real_parts import NOTHING, Real
from opsbot.doors.demo.scenarios import Scenario
from opsbot.doors.demo.witness import Facts

TRIED = ("success", "failed")


def build(
    scenario: Scenario, attempt: Attempt, facts: Facts, real: Real = NOTHING
) -> dict[str, Any]:
    """Return the report of one performance."""
    complaints = expectation.complaints(scenario, attempt, facts)
    return {
        "scenario": scenario.name,
        "ended_as_expected": not complaints,
        "complaints": list(complaints),
        "parts": real.parts,
        "attempts": [_attempt(attempt, facts)],
        "user_requests": {"sent": facts.requests.sent, "failed": facts.requests.failed},
        "versions": {"before": facts.before.version, "after": facts.after.version},
        "setup_seconds": facts.setup_seconds,
        "trigger_to_first_step_seconds": trigger_to_first_step(attempt),
    }


def trigger_to_first_step(attempt: Attempt) -> float | None:
    """Return the seconds from the command to the beginning of the plan's first step."""
    first = attempt.tasks.get(attempt.asked.plan.steps[0].id)
    if first is None or first.began is None:
        return None
    return _seconds(attempt.asked.at, first.began)


def first_failed(attempt: Attempt) -> Task | None:
    """Return the task whose failure began it all."""
    failed = {
        task.ended: task
        for task in attempt.tasks.values()
        if task.state == "failed" and task.ended is not None
    }
    return failed[min(failed)] if failed else None


def rollback_actions(attempt: Attempt) -> list[dict[str, Any]]:
    """Return what was done to go back, in order, and that the team was told.

    The failed task's callback restores at once; the guard task then finds it done. So the
    callback's record counts where it has left one, the guard's otherwise.
    """
    guard = attempt.outcome("rollback").output
    actions = list(attempt.restored.get("actions") or guard.get("actions") or ())
    told = attempt.outcome("notify")
    if actions and told.state in TRIED:
        actions.append({"id": "notify", "state": told.state, "seconds": told.seconds})
    return actions


def _attempt(attempt: Attempt, facts: Facts) -> dict[str, Any]:
    plan = attempt.asked.plan
    return {
        "plan_id": plan.plan_id,
        "dag_id": attempt.asked.dag_id,
        "run_id": attempt.asked.run_id,
        "state": attempt.state,
        "seconds": attempt.seconds,
        "steps": [each.model_dump(mode="json") for each in attempt.outcomes()],
        "guards": [attempt.outcome(id).model_dump(mode="json") for id in plan.guards],
        "failure": _failure(attempt, facts),
    }


def _failure(attempt: Attempt, facts: Facts) -> dict[str, Any] | None:
    failed = first_failed(attempt)
    if failed is None:
        return None
    decided = failed.ended  # Airflow notes a failed task's end before it runs callbacks
    served = attempt.tasks.get("verify_rollback", Task(id="verify_rollback"))
    proven = served.ended if served.state == "success" else None
    return {
        "step": failed.id,
        "reason": failed.problem,
        "detected_after_seconds": _seconds(facts.first_failure, decided),
        "rollback_seconds": _seconds(decided, proven),
        "rollback_actions": rollback_actions(attempt),
        "diagnosis": None,
        "notified": list(attempt.outcome("notify").output.get("notified") or ()),
    }


def _seconds(since: datetime | None, until: datetime | None) -> float | None:
    if since is None or until is None:
        return None
    return round((until - since).total_seconds(), 2)
