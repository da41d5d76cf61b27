"""A run of a plan as one of its tasks sees it: states, durations and XComs."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from opsbot.orchestration import gathering, proof, seal
from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.operators.step_operator import PROBLEM
from opsbot.planning.plan import Plan
from tests.planning.runs import GUARDS, OUTPUTS, YES


class RunInAirflow:
    """Gives a task its context; what tasks leave can be changed as people can change it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ticket = tickets.of(plan, 7, tuple(self.ids()))
        self.states: dict[str, str | None] = dict.fromkeys(self.ids(), "success")
        unreached = ("rollback", "verify_rollback")
        self.states |= {id: "skipped" for id in unreached if id in self.states}
        self.states |= {id: None for id in ("report", "notify", "succeeded") if id in self.states}
        self.xcoms: dict[tuple[str, str], Any] = {}
        for id in self.ids():
            if output := OUTPUTS.get(id) or GUARDS.get(id):
                self.leave(id, output)
        self.xcoms["approval", gathering.ANSWER] = seal.close(YES)

    def ids(self) -> list[str]:
        """Return the ids of all tasks."""
        return [
            *(step.id for step in self.plan.steps),
            *(guard.value for guard in self.plan.guards),
        ]

    def leave(self, task: str, output: dict[str, Any]) -> None:
        """Leave an output as its task does, with its proof."""
        self.xcoms[task, "return_value"] = output
        self.xcoms[task, proof.KEY] = proof.of(self.plan.plan_id, task, output)

    def fail(self, task: str, problem: str | None = None) -> None:
        """Let a task fail, and the steps after it never run."""
        self.states[task] = "failed"
        if problem:
            self.xcoms[task, PROBLEM] = problem

    def context(self, task: str) -> dict[str, Any]:
        """Return the context of one of the tasks."""
        conf = tickets.conf_of(self.plan.plan_id, self.ticket.fingerprint, 7, "manual__1")
        run = SimpleNamespace(
            dag_id="opsbot__my-application__production",
            run_id=self.plan.plan_id,
            conf=conf,
            start_date=datetime.now(UTC) - timedelta(seconds=30),
            triggering_user_name="alice",
        )
        return {"dag_run": run, "ti": TaskInRun(self, task)}


class TaskInRun:
    """The task instance in a context."""

    def __init__(self, run: RunInAirflow, task: str) -> None:
        self.run, self.task_id = run, task

    def xcom_pull(self, task_ids: str, key: str = "return_value") -> Any:
        return self.run.xcoms.get((task_ids, key))

    def xcom_push(self, key: str, value: Any) -> None:
        self.run.xcoms[self.task_id, key] = value

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, Any]:
        return {run_ids[0]: self.run.states}

    def get_task_breadcrumbs(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        ended = ("success", "failed", "skipped", "upstream_failed")
        return [
            {"task_id": id, "map_index": -1, "state": state, "operator": "X", "duration": 1.234}
            for id, state in self.run.states.items()
            if state in ended
        ]
