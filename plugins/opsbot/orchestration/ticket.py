"""What every task of a plan's DAG knows about its plan, and the check that the run agrees.

A run carries in its conf which plan it was made for. A DAG carries the plan it was built from.
The two can differ: a run triggered by hand with an old conf, a plan edited in its Variable, a
graph of one plan with the code of another while Airflow's serialisation lags. Each task compares
before it acts, so none of these can run.
"""

from typing import Any

from opsbot.orchestration import seal
from opsbot.planning import fingerprint
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

ASK_AGAIN = "Nothing was changed. Ask for a new plan: trigger the DAG `opsbot` with your command."


class Ticket(Value):
    """The identity of a plan inside its DAG."""

    plan_id: str
    fingerprint: str
    """Computed from the plan's content, not taken from its field."""
    sequence: int
    task_ids: tuple[str, ...]


def of(plan: Plan, sequence: int, task_ids: tuple[str, ...]) -> Ticket:
    """Return the ticket for a plan as it stands."""
    return Ticket(
        plan_id=plan.plan_id,
        fingerprint=fingerprint.of(plan),
        sequence=sequence,
        task_ids=task_ids,
    )


class Pass(Value):
    """What the front door writes into the run of a plan; sealed, so that nobody else can."""

    plan_id: str
    fingerprint: str
    sequence: int
    request: str


def conf_of(plan_id: str, plan_fingerprint: str, sequence: int, request: str) -> dict[str, Any]:
    """Return the conf of the run that carries out a plan."""
    pass_ = Pass(plan_id=plan_id, fingerprint=plan_fingerprint, sequence=sequence, request=request)
    return {**pass_.model_dump(), "seal": seal.close(pass_)}


def check(ticket: Ticket, run_id: str, conf: dict[str, Any]) -> None:
    """Refuse a run that was not made for exactly this plan."""
    if conf.get("plan_id") != ticket.plan_id or conf.get("sequence") != ticket.sequence:
        raise Refused(
            f"This run was made for plan {conf.get('plan_id')!r}, but its DAG carries plan "
            f"{ticket.plan_id!r}. {ASK_AGAIN}"
        )
    if conf.get("fingerprint") != ticket.fingerprint:
        raise Refused(
            f"Plan {ticket.plan_id!r} was changed after it was published: its fingerprint is "
            f"{ticket.fingerprint[:12]}, not {str(conf.get('fingerprint'))[:12]}. {ASK_AGAIN}"
        )
    given = seal.open_seal(conf.get("seal"), Pass)
    if given is None or given.model_dump() != {key: conf.get(key) for key in Pass.model_fields}:
        raise Refused(f"The conf of run {run_id!r} was not written by the front door. {ASK_AGAIN}")
    if run_id != ticket.plan_id:
        raise Refused(
            f"Run {run_id!r} was not started by the front door; plan {ticket.plan_id!r} has one "
            f"run, which bears its name. {ASK_AGAIN}"
        )


def check_shape(ticket: Ticket, task_ids: frozenset[str]) -> None:
    """Refuse a run whose tasks are not those of the plan."""
    if task_ids != frozenset(ticket.task_ids):
        different = sorted(task_ids ^ frozenset(ticket.task_ids))
        raise Refused(
            f"The run of plan {ticket.plan_id!r} has the tasks of another plan "
            f"(different: {', '.join(different)}). {ASK_AGAIN}"
        )
