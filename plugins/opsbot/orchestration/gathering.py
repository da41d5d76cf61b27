"""Gather what the tasks of a run have left behind, from inside one of its tasks.

Airflow tells a task the states and durations of the others; what they found and why they failed
they leave as XComs, which people can write. So an output counts only with the proof that its task
sealed beside it, and a person's answer only as the sealed one.
"""

from datetime import UTC, datetime
from typing import Any

from opsbot.orchestration import proof, seal
from opsbot.orchestration.operators.step_operator import PROBLEM
from opsbot.planning.plan import Plan
from opsbot.planning.run import Run
from opsbot.verification.approval import Given
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import Guard

ANSWER = "answer"
"""XCom key of what a person answered, sealed, whatever became of it."""
TRIED = ("success", "failed")
"""States of a task that ran to an end of its own; Airflow gives others a duration too."""
_QUESTIONS = (Guard.APPROVAL, Guard.VALIDATION)
_UNSEALED = frozenset({*_QUESTIONS, Guard.GATE, Guard.SUCCEEDED})
"""Tasks without an output of ours."""


def run_of(plan: Plan, context: Any, states: dict[str, str | None]) -> Run:
    """Return the run that a task belongs to, as it stands now."""
    ti, dag_run = context["ti"], context["dag_run"]
    seconds = _durations(ti, dag_run)
    ids = (*(step.id for step in plan.steps), *(guard.value for guard in plan.guards))
    return Run(
        outcomes=tuple(_outcome(plan, ti, id, states.get(id), seconds.get(id)) for id in ids),
        seconds=(datetime.now(UTC) - dag_run.start_date).total_seconds(),
        requested_by=dag_run.triggering_user_name,
        answers=_answers(plan, ti),
    )


def output_of(plan: Plan, ti: Any, task: str) -> dict[str, Any] | None:
    """Return the output that a task wrote itself; None if there is none of its own."""
    output = ti.xcom_pull(task_ids=task)
    if not isinstance(output, dict):
        return None
    sealed = ti.xcom_pull(task_ids=task, key=proof.KEY)
    problem = proof.objection(plan.plan_id, {task: output}, {task: sealed})
    return output if problem is None else None


def _durations(ti: Any, dag_run: Any) -> dict[str, float]:
    """Return how many seconds each task took that ran to an end of its own."""
    found = ti.get_task_breadcrumbs(dag_id=dag_run.dag_id, run_id=dag_run.run_id)
    return {
        each["task_id"]: round(each["duration"], 2)
        for each in found
        if each["state"] in TRIED and each["duration"] is not None
    }


def _outcome(plan: Plan, ti: Any, id: str, state: str | None, seconds: float | None) -> StepOutcome:
    """Return what became of one task."""
    output: dict[str, Any] | None = {}
    problem = ""
    if state == "success" and id not in _UNSEALED:
        output = output_of(plan, ti, id)
        problem = "" if output else "it left no output of its own (was it marked by hand?)"
    if state == "failed":
        problem = str(ti.xcom_pull(task_ids=id, key=PROBLEM) or "its log says why")
    return StepOutcome(
        id=id, state=state or "not begun", seconds=seconds, output=output or {}, problem=problem
    )


def _answers(plan: Plan, ti: Any) -> dict[str, Given]:
    """Return what persons answered; only what an approval task sealed for this plan counts."""
    answers = {}
    for question in (each.value for each in _QUESTIONS if each in plan.guards):
        given = seal.open_seal(ti.xcom_pull(task_ids=question, key=ANSWER), Given)
        if given is not None and given.plan_id == plan.plan_id:
            answers[question] = given
    return answers
