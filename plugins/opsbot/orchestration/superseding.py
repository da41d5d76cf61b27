"""A newer plan takes the place of an older one that waits.

Deploy, promote and rollback decide which version runs, and only the newest decision counts. An
older plan of the same application and environment that still waits for approval is rejected with
the reason, so that nobody approves yesterday's version today; should it be approved all the same,
its change refuses. Restarting and scaling decide no version and supersede nothing.

A task may not answer a request for approval. OPS Bot's own account does it over Airflow's REST
API, if an administrator has given it one as the connection `opsbot_airflow`.
"""

from opsbot.integrations.airflow import client as airflow
from opsbot.integrations.airflow.client import AirflowSaysNo
from opsbot.orchestration.publishing import RUNNING, Scheduler
from opsbot.planning.plan import Plan
from opsbot.store import plans
from opsbot.store.plans import Entry, Index
from opsbot.store.variables import AirflowVariables
from opsbot.vocabulary.errors import OpsBotError, Refused
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import VERSION_ACTIONS

CONNECTION = "opsbot_airflow"
APPROVAL = "approval"


def refuse_superseded(plan: Plan, sequence: int) -> None:
    """Refuse a plan that a newer one has taken the place of."""
    if plan.intent.action not in VERSION_ACTIONS:
        return
    newer = _versions(plans.read_index(AirflowVariables()), plans.dag_id_of(plan))
    if newer and newer[-1].sequence > sequence:
        raise Refused(
            f"Plan {plan.plan_id!r} is superseded by {newer[-1].plan_id!r}, which decides the "
            "version now. Nothing was changed."
        )


def reject_parked(entry: Entry, scheduler: Scheduler, say: Say) -> None:
    """Reject the approvals that older plans of this application and environment wait for."""
    if entry.action not in VERSION_ACTIONS:
        return
    older = _versions(plans.read_index(AirflowVariables()), entry.dag_id)
    waiting = [each for each in older if each.sequence < entry.sequence and _runs(each, scheduler)]
    if not waiting:
        return
    try:
        _reject(waiting, entry, say)
    except OpsBotError as error:
        say(f"Older approvals stay open and will be refused: {redact(str(error))}")


def account() -> str | None:
    """Return the user name of OPS Bot's own account at Airflow, if it has one."""
    api = airflow.connect(CONNECTION)
    return api.user if api else None


def _reject(waiting: list[Entry], entry: Entry, say: Say) -> None:
    api = airflow.connect(CONNECTION)
    if api is None:
        say(f"No connection {CONNECTION!r}: older approvals stay open and will be refused")
        return
    reason = f"superseded by {entry.plan_id}"
    with api:
        for each in waiting:
            if not api.approvals(each.dag_id, each.plan_id):
                continue
            try:
                api.answer(each.dag_id, each.plan_id, APPROVAL, "Reject", reason)
                say(f"Rejected the waiting plan {each.plan_id}: {reason}")
            except AirflowSaysNo as error:
                say(f"Plan {each.plan_id} could not be rejected: {error}")


def _versions(index: Index, dag_id: str) -> list[Entry]:
    return [each for each in index.of_dag(dag_id) if each.action in VERSION_ACTIONS]


def _runs(entry: Entry, scheduler: Scheduler) -> bool:
    return scheduler.run_state(entry.dag_id, entry.plan_id) in RUNNING
