"""One command on its way through Airflow: asked, planned, approved, run to its end.

Everything goes through the REST API, as a person's script would do it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from opsbot.integrations.airflow.client import AirflowApi
from opsbot.integrations.airflow.replies import DagRun, TaskInstance
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.outcome import StepOutcome

FRONT_DOOR = "opsbot"
PLANNING_SECONDS = 120.0
LOOK_SECONDS = 0.4
BEFORE_ANSWER_SECONDS = 2.0
"""Airflow may lose an answer that comes within a moment of the question; no person is so quick."""
NEVER_BEGAN = frozenset({"skipped", "upstream_failed", "removed"})
"""Airflow gives these a beginning too: the moment at which it decided that they will not run."""
RESTORED_AT_ONCE = "restored"
"""XCom under which a failed task leaves what its callback has restored."""


class Asked(Value):
    """A command that was understood, and the run that carries its plan out."""

    plan: Plan
    dag_id: str
    run_id: str
    at: datetime
    """When the command was given."""


class Task(Value):
    """A task as it stands, with what it returned."""

    id: str
    state: str | None = None
    began: datetime | None = None
    ended: datetime | None = None
    output: dict[str, Any] | None = None
    problem: str | None = None
    """The words of the error that ended it."""

    @property
    def seconds(self) -> float | None:
        """How long it took, or has taken so far; None if it never began."""
        if self.began is None or self.state in NEVER_BEGAN:
            return None
        return round(((self.ended or datetime.now(UTC)) - self.began).total_seconds(), 2)


class Attempt(Value):
    """The run of a plan as it stands."""

    asked: Asked
    state: str = "queued"
    began: datetime | None = None
    ended: datetime | None = None
    tasks: dict[str, Task] = Field(default_factory=dict)
    restored: dict[str, Any] = Field(default_factory=dict)
    """What the failed task's own callback has restored, where it left a record."""

    @property
    def seconds(self) -> float:
        """How long the run took."""
        if self.began is None or self.ended is None:
            return 0.0
        return round((self.ended - self.began).total_seconds(), 2)

    @property
    def over(self) -> bool:
        """Whether nothing will happen any more."""
        return self.state in ("success", "failed")

    def outcomes(self) -> tuple[StepOutcome, ...]:
        """Return what became of the plan's numbered steps."""
        return tuple(self.outcome(step.id) for step in self.asked.plan.steps)

    def outcome(self, id: str) -> StepOutcome:
        """Return what became of one task."""
        task = self.tasks.get(id, Task(id=id))
        state = task.state or "not_reached"
        return StepOutcome(
            id=id,
            state=state,
            seconds=task.seconds,
            output=task.output or {},
            problem=task.problem or "",
        )


def ask(api: AirflowApi, command: str) -> Asked:
    """Give the front door a command and wait for its plan; `StepFailed` if there is none."""
    at = datetime.now(UTC)
    run = api.trigger(FRONT_DOOR, {"command": command})
    deadline = time.monotonic() + PLANNING_SECONDS
    while time.monotonic() < deadline:
        answer = api.xcom(FRONT_DOOR, run.dag_run_id, "plan", "answer")
        if answer and "run_id" in answer:
            plan = Plan.model_validate(answer["plan"])
            return Asked(plan=plan, dag_id=answer["dag_id"], run_id=answer["run_id"], at=at)
        if api.run(FRONT_DOOR, run.dag_run_id).ended:
            raise StepFailed(_no_plan(api, run, answer))
        time.sleep(0.2)
    raise StepFailed(f"The front door gave no plan within {PLANNING_SECONDS:.0f} s.")


def follow(
    api: AirflowApi,
    asked: Asked,
    show: Callable[[Attempt], None],
    approval: Callable[[AirflowApi, Attempt], None],
) -> Attempt:
    """Watch a plan's run to its end; `approval` is called while it waits for a person's word."""
    attempt = Attempt(asked=asked)
    while not attempt.over:
        attempt = look(api, attempt)
        show(attempt)
        waiting = attempt.tasks.get("approval")
        if waiting is not None and waiting.state == "awaiting_input":
            approval(api, attempt)
        if not attempt.over:
            time.sleep(LOOK_SECONDS)
    return attempt.model_copy(update={"restored": _restored_at_once(api, attempt)})


def look(api: AirflowApi, before: Attempt) -> Attempt:
    """Return the run as it stands now; outputs that were read once are not read again."""
    asked = before.asked
    if not (run := _run(api, asked)):
        return before
    found = api.task_instances(asked.dag_id, asked.run_id)
    tasks = {each.task_id: _task(api, asked, each, before) for each in found}
    return Attempt(
        asked=asked, state=run.state, began=run.start_date, ended=run.end_date, tasks=tasks
    )


def answering(option: str) -> Callable[[AirflowApi, Attempt], None]:
    """Return what answers a request for approval once, after a moment."""
    answered: set[str] = set()

    def answer(api: AirflowApi, attempt: Attempt) -> None:
        asked = attempt.asked
        if asked.run_id not in answered:
            answered.add(asked.run_id)
            time.sleep(BEFORE_ANSWER_SECONDS)
            api.answer(asked.dag_id, asked.run_id, "approval", option)

    return answer


def _run(api: AirflowApi, asked: Asked) -> DagRun | None:
    """Return the plan's run; None as long as the front door has not started it."""
    runs = {each.dag_run_id: each for each in api.runs(asked.dag_id)}
    return runs.get(asked.run_id)


def _task(api: AirflowApi, asked: Asked, found: TaskInstance, before: Attempt) -> Task:
    known = before.tasks.get(found.task_id)
    output, problem = (known.output, known.problem) if known else (None, None)
    place = (asked.dag_id, asked.run_id, found.task_id)
    if output is None and found.state == "success":
        output = _object(api.xcom(*place))
    if problem is None and found.state == "failed":
        problem = api.problem(*place, found.try_number)
    return Task(
        id=found.task_id,
        state=found.state,
        began=found.start_date,
        ended=found.end_date,
        output=output,
        problem=problem,
    )


def _restored_at_once(api: AirflowApi, attempt: Attempt) -> dict[str, Any]:
    asked = attempt.asked
    failed = [each for each in attempt.tasks.values() if each.state == "failed"]
    found = (api.xcom(asked.dag_id, asked.run_id, each.id, RESTORED_AT_ONCE) for each in failed)
    return next((_object(each) for each in found if each), {})


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _no_plan(api: AirflowApi, run: DagRun, answer: dict[str, Any] | None) -> str:
    if answer and answer["outcome"] != "plan":
        words = answer.get("question") or answer.get("reason")
        return f"The front door gave no plan but a {answer['outcome']}: {words}"
    log = api.log(FRONT_DOOR, run.dag_run_id, "plan")
    return f"The front door's task 'plan' failed. The end of its log:\n{log[-2000:]}"
