"""From a plan to its DAG: a total function without a decision of its own.

    build -> test -> scans -> gate -> build_image -> verify_image
          -> preview -> approval -> backup -> deploy -> checks -> monitor -> succeeded
    one failed after the deploy began -> rollback -> verify_rollback
    report and notify at every end

`succeeded` is the leaf that decides the run's state: Airflow takes it from the leaves, and a
message that was sent at the end of a failed run would otherwise make that run a success. The
report stands before it, so that it is no leaf: it succeeds on failure too, and may fail itself.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, BaseOperator

from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.operators import by_tool
from opsbot.orchestration.operators.approval import (
    PlanApprovalOperator,
    PlanValidationOperator,
)
from opsbot.orchestration.operators.finish import SucceededOperator
from opsbot.orchestration.operators.notify import NotifyOperator
from opsbot.orchestration.operators.release import BackupOperator, PreviewOperator
from opsbot.orchestration.operators.report import ReportOperator
from opsbot.orchestration.operators.rollback import RollbackOperator, VerifyRollbackOperator
from opsbot.orchestration.ticket import Ticket
from opsbot.planning import explain, phrases
from opsbot.planning.plan import Plan, Step
from opsbot.store import plans
from opsbot.vocabulary.words import ServerKind

Tasks = dict[str, BaseOperator]


def build(plan: Plan, sequence: int, dag_id: str) -> DAG:
    """Return the DAG that carries out exactly this plan."""
    ids = (*(step.id for step in plan.steps), *plan.guards)
    ticket = tickets.of(plan, sequence, ids)
    with DAG(
        dag_id=dag_id,
        dag_display_name=f"{plan.intent.application}, {plan.intent.environment or 'any'}",
        description=plan.title,
        doc_md=explain.markdown(plan),
        schedule=None,
        catchup=False,
        is_paused_upon_creation=False,
        render_template_as_native_obj=True,
        tags=_tags(plan, sequence),
        default_args={"owner": "opsbot"},
    ) as dag:
        tasks = _tasks(plan, ticket)
        _wire(plan, tasks)
    return dag


def _tags(plan: Plan, sequence: int) -> list[str]:
    words = ("opsbot", plan.intent.action.value, plan.intent.application, plan.intent.environment)
    return [*(word for word in words if word), plans.plan_tag(sequence)]


def _tasks(plan: Plan, ticket: Ticket) -> Tasks:
    """Make all tasks, in the order of the plan, without dependencies."""
    tasks: Tasks = {}
    for step in plan.steps:
        tasks[step.id] = by_tool.make(plan, step, ticket)
        tasks[step.id].doc_md = _step_document(plan, step)
    for guard in plan.guards:
        tasks[guard] = _guard(guard, plan, ticket)
    return tasks


def _guard(guard: str, plan: Plan, ticket: Ticket) -> BaseOperator:
    make = _GUARDS.get(guard)
    if make is None:
        raise ValueError(f"Plan {plan.plan_id!r} names the guard {guard!r}, which nobody knows.")
    return make(plan, ticket)


_GUARDS: dict[str, Callable[[Plan, Ticket], BaseOperator]] = {
    "gate": lambda plan, ticket: EmptyOperator(task_id="gate"),
    "preview": lambda plan, ticket: PreviewOperator(task_id="preview", plan=plan, ticket=ticket),
    "approval": lambda plan, ticket: PlanApprovalOperator(plan=plan, ticket=ticket),
    "backup": lambda plan, ticket: BackupOperator(task_id="backup", plan=plan, ticket=ticket),
    "validation": lambda plan, ticket: PlanValidationOperator(plan=plan, ticket=ticket),
    "rollback": lambda plan, ticket: RollbackOperator(plan=plan, ticket=ticket),
    "verify_rollback": lambda plan, ticket: VerifyRollbackOperator(plan=plan, ticket=ticket),
    "report": lambda plan, ticket: ReportOperator(plan=plan, ticket=ticket),
    "notify": lambda plan, ticket: NotifyOperator(plan=plan, ticket=ticket),
    "succeeded": lambda plan, ticket: SucceededOperator(plan=plan, ticket=ticket),
}


def _wire(plan: Plan, tasks: Tasks) -> None:
    """Set what waits for what."""
    for step in plan.steps:
        upstream = [tasks[each] for each in step.depends_on]
        _link([*upstream], [tasks[step.id]])
    _put_gate(plan, tasks)
    _chain_before_change(plan, tasks)
    _link_ends(plan, tasks)


def _put_gate(plan: Plan, tasks: Tasks) -> None:
    """Put the gate between the scans and everything that waits for them."""
    if "gate" not in tasks:
        return
    scans = [tasks[step.id] for step in plan.steps if _judges(step)]
    for scan in scans:
        for waiting in list(scan.downstream_list):
            scan.downstream_task_ids.discard(waiting.task_id)
            waiting.upstream_task_ids.discard(scan.task_id)
            _link([tasks["gate"]], [waiting])
    _link(scans, [tasks["gate"]])


def _judges(step: Step) -> bool:
    """Tell the steps that judge the code: nothing goes on before all of them have passed it."""
    return step.server is ServerKind.SONARQUBE


def _chain_before_change(plan: Plan, tasks: Tasks) -> None:
    """Let preview, approval and backup stand between the change and all it waits for."""
    guards = [tasks[each] for each in ("preview", "approval", "backup") if each in tasks]
    if not guards or plan.change is None:
        return
    change = tasks[plan.change.id]
    before = list(change.upstream_list)
    for each in before:
        each.downstream_task_ids.discard(change.task_id)
        change.upstream_task_ids.discard(each.task_id)
    chain = [*guards, change]
    _link(before, [chain[0]])
    for first, second in pairwise(chain):
        _link([first], [second])


def _link_ends(plan: Plan, tasks: Tasks) -> None:
    """Wire the failure side and the ends; `succeeded` stays a leaf."""
    walked = [tasks[each] for each in (*(step.id for step in plan.steps), "gate") if each in tasks]
    last = [each for each in walked if not each.downstream_task_ids]
    if "validation" in tasks:
        _link(last, [tasks["validation"]])
        last = [tasks["validation"]]
    ends = [*last, *_link_way_back(plan, tasks)]
    _link(last, [tasks["succeeded"]])
    if "report" in tasks:
        _link(ends, [tasks["report"]])
        _link([tasks["report"]], [tasks["succeeded"]])
    if "notify" in tasks:
        _link(ends, [tasks["notify"]])


def _link_way_back(plan: Plan, tasks: Tasks) -> list[BaseOperator]:
    """Let each failure from the change on lead to the rollback; return the last of its tasks."""
    if "rollback" not in tasks or plan.change is None:
        return []
    change = tasks[plan.change.id]
    after = change.get_flat_relatives(upstream=False)
    guarded = [change, *(each for each in after if each.task_id != "succeeded")]
    _link(guarded, [tasks["rollback"]])
    _link([tasks["rollback"]], [tasks["verify_rollback"]])
    return [tasks["verify_rollback"]]


def _link(upstream: Iterable[Any], downstream: Iterable[Any]) -> None:
    """Let each of the second wait for all of the first."""
    for first in upstream:
        for second in downstream:
            first.set_downstream(second)


def _step_document(plan: Plan, step: Step) -> str:
    return (
        f"**{step.title}** ({step.server.label}: `{phrases.tool(step)}`)\n\n{step.what_it_does}\n\n"
        f"Risk {step.risk.value}. Undo: {step.undo}\n\n"
        f"Plan `{plan.plan_id}`, fingerprint `{plan.fingerprint[:16]}`."
    )
