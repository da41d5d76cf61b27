"""Makers of attempts: a plan's run as the demo has seen it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from opsbot.doors.demo.attempt import Asked, Attempt, Task
from opsbot.doors.demo.cluster import Deployed
from opsbot.doors.demo.users import Requests
from opsbot.doors.demo.witness import Facts, Seen
from tests.makers import a_plan

START = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)
OLD = Deployed(uid="u", generation=1, replicas=2, images=("app@sha256:old",))
NEW = Deployed(uid="u", generation=2, replicas=2, images=("app@sha256:new",))
NOTHING = Seen()
FIRST = Seen(version="0.9.5", deployed=OLD, tags=("v0.9.5-prod",))
SECOND = Seen(version="1.0.0", deployed=NEW, tags=("v0.9.5-prod", "v1.0.0-prod"))
RESTORED = SECOND.model_copy(update={"version": "0.9.5"})
"""The first version again, after the second was deployed."""


def after(seconds: float) -> datetime:
    """Return the moment so many seconds after the command."""
    return START + timedelta(seconds=seconds)


def a_task(id: str, state: str, began: float = 5, ended: float = 6, **output: Any) -> Task:
    """Make a task that began and ended so many seconds after the command."""
    return Task(id=id, state=state, began=after(began), ended=after(ended), output=output)


def an_attempt(state: str = "success", **tasks: Task) -> Attempt:
    """Make a run whose steps all succeeded, but for the tasks given."""
    plan = a_plan()
    asked = Asked(plan=plan, dag_id="opsbot__a__b", run_id=plan.plan_id, at=START)
    done = {each.id: a_task(each.id, "success") for each in plan.steps}
    return Attempt(
        asked=asked, state=state, began=after(4), ended=after(30), tasks={**done, **tasks}
    )


def facts(**changes: Any) -> Facts:
    """Make the facts of a success: version 2 serves, and no request failed."""
    defaults: dict[str, Any] = {
        "before": FIRST,
        "after": SECOND,
        "slack_messages": "[]",
        "requests": Requests(sent=100),
        "first_failure": None,
        "setup_seconds": 30.0,
    }
    return Facts.model_validate(defaults | changes)


def a_rejected_attempt() -> Attempt:
    """Make a run that ended with the approver's no."""
    rejection = a_task("approval", "failed").model_copy(update={"problem": "rejected by admin"})
    return an_attempt("failed", approval=rejection, **_never_reached(6))


def a_run_that_failed_at(scan: str) -> Attempt:
    """Make a run that was stopped at the gate by one of the scans."""
    return an_attempt("failed", **{scan: a_task(scan, "failed")}, **_never_reached(4))


def a_rolled_back_attempt() -> Attempt:
    """Make a run whose deploy crashed 2 s after it began and was rolled back within 3 s."""
    actions = [{"id": "stop_new", "state": "success", "seconds": 0.4}]
    return an_attempt(
        "failed",
        deploy=a_task("deploy", "failed", 10, 14),
        rollback=a_task("rollback", "success", 15, 16, actions=actions, restored="ReplicaSet a"),
        verify_rollback=a_task("verify_rollback", "success", 16, 17),
        notify=a_task("notify", "success", 17, 18, notified=["slack"]),
        **_never_reached(7),
    )


def _never_reached(after_step: int) -> dict[str, Task]:
    steps = [each.id for each in a_plan().steps if each.number > after_step]
    return {each: Task(id=each, state="upstream_failed") for each in steps}
