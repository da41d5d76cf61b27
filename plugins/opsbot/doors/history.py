"""Past plans and their attempts, as Airflow remembers them.

There is no table of our own: a run says when and how it ended, its front-door run which command
it came from, a request for approval who answered. They are read in a few calls and joined here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from opsbot.integrations.airflow.client import AirflowApi, AirflowSaysNo
from opsbot.integrations.airflow.replies import Approval, DagRun
from opsbot.store import plans
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import Guard

FRONT_DOOR = "opsbot"
MOST = 100
"""Airflow gives at most so many runs in one reply."""


class Attempt(Value):
    """One plan and the run that carried it out."""

    at: datetime | None
    """When its run began, or was asked for."""
    command: str | None
    """As typed; None where the front door's run is gone."""
    plan_id: str
    dag_id: str
    action: str
    application: str
    environment: str | None
    state: str
    """Of its run, in Airflow's words."""
    seconds: float | None
    requested_by: str | None
    answered: str | None
    """What a person answered to the request for approval: `Approve`, `Reject`."""
    answered_by: str | None
    approved_by: str | None
    """The same person, where the answer was yes."""
    rolled_back: bool


def read(api: AirflowApi, limit: int) -> tuple[Attempt, ...]:
    """Return the newest attempts, newest first."""
    runs = api.runs_of(plans.DAG_PREFIX, min(limit, MOST))
    if not runs:
        return ()
    rollbacks = api.states_of(Guard.ROLLBACK.value, [each.dag_run_id for each in runs])
    answers = _approvals(api.answered(plans.DAG_PREFIX))
    commands = _commands(api, runs)
    return tuple(_attempt(run, commands, answers, rollbacks) for run in runs)


def _attempt(
    run: DagRun,
    commands: Mapping[str, str],
    answers: Mapping[str, Approval],
    rollbacks: Mapping[str, str | None],
) -> Attempt:
    application, environment = plans.place_of(run.dag_id)
    answer = answers.get(run.dag_run_id)
    chosen = next(iter((answer.chosen_options if answer else None) or ()), None)
    by = (answer.responded_by_user or {}).get("id") if answer else None
    return Attempt(
        at=run.start_date or run.queued_at,
        command=commands.get(_request(run)),
        plan_id=run.dag_run_id,
        dag_id=run.dag_id,
        action=_action(run.dag_run_id),
        application=application,
        environment=environment,
        state=run.state,
        seconds=_seconds(run),
        requested_by=run.triggering_user_name,
        answered=chosen,
        answered_by=by,
        approved_by=by if chosen == "Approve" else None,
        rolled_back=rollbacks.get(run.dag_run_id) == "success",
    )


def _commands(api: AirflowApi, runs: Iterable[DagRun]) -> dict[str, str]:
    """Return the commands by front-door run: from the newest ones, then one by one."""
    newest = {each.dag_run_id: each for each in api.runs(FRONT_DOOR)}
    commands = {}
    for request in {_request(run) for run in runs} - {""}:
        found = newest.get(request) or _front_door(api, request)
        command = (found.conf or {}).get("command") if found else None
        if isinstance(command, str):
            commands[request] = redact(command)
    return commands


def _front_door(api: AirflowApi, request: str) -> DagRun | None:
    try:
        return api.run(FRONT_DOOR, request)
    except AirflowSaysNo as error:
        if error.status == 404:
            return None
        raise


def _approvals(answered: Iterable[Approval]) -> dict[str, Approval]:
    """Return the answers to requests for approval, by run."""
    return {
        str(each.task_instance["dag_run_id"]): each
        for each in answered
        if each.task_instance.get("task_id") == Guard.APPROVAL.value
    }


def _request(run: DagRun) -> str:
    """Return the front-door run that asked for a plan's run; empty where its conf does not say."""
    return str((run.conf or {}).get("request", ""))


def _action(plan_id: str) -> str:
    """Return the action from an id such as `plan_deploy_production_1737354243`."""
    parts = plan_id.split("_")
    return parts[1] if len(parts) > 2 and parts[0] == "plan" else ""


def _seconds(run: DagRun) -> float | None:
    if run.start_date is None or run.end_date is None:
        return None
    return round((run.end_date - run.start_date).total_seconds(), 2)
