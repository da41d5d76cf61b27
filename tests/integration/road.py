"""Walk the road of a command on a real Airflow, as a person's script would over REST."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from opsbot.integrations.airflow.client import AirflowApi
from opsbot.integrations.airflow.replies import DagRun

COMMAND = "Deploy the code to Kubernetes production"
FRONT_DOOR = "opsbot"
BEFORE_ANSWER = 2.0
"""Airflow loses an answer that comes within a moment of the question."""

Found = TypeVar("Found")


def until(
    what: str, look: Callable[[], Found | None], seconds: float = 240.0, pause: float = 0.25
) -> Found:
    """Look again and again until there is something, or say what was waited for in vain."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(pause)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


def ended(api: AirflowApi, dag_id: str, run_id: str, seconds: float = 240.0) -> DagRun:
    """Wait for a run's end."""

    def look() -> DagRun | None:
        run = api.run(dag_id, run_id)
        return run if run.ended else None

    return until(f"the end of {dag_id} {run_id}", look, seconds)


def ask(api: AirflowApi, command: str = COMMAND, seconds: float = 240.0) -> dict[str, Any]:
    """Give the front door a command and return its answer, whatever it is."""
    run = api.trigger(FRONT_DOOR, {"command": command})
    ended(api, FRONT_DOOR, run.dag_run_id, seconds)
    answer: dict[str, Any] = api.xcom(FRONT_DOOR, run.dag_run_id, "plan", "answer")
    return {**answer, "front_door": run.dag_run_id}


def states(api: AirflowApi, answer: dict[str, Any]) -> dict[str, str | None]:
    """Return the state of every task of a plan's run."""
    tasks = api.task_instances(answer["dag_id"], answer["run_id"])
    return {task.task_id: task.state for task in tasks}


def task_ended(
    api: AirflowApi, answer: dict[str, Any], task_id: str, seconds: float = 240.0
) -> str:
    """Wait until a task has an end state and return it."""

    def look() -> str | None:
        state = states(api, answer)[task_id]
        return state if state in ("success", "failed", "skipped", "upstream_failed") else None

    return until(f"the end of task {task_id!r}", look, seconds)


def asked(api: AirflowApi, answer: dict[str, Any], seconds: float = 240.0) -> None:
    """Wait until a plan's run asks for approval, and a moment longer."""

    def look() -> bool | None:
        if api.approvals(answer["dag_id"], answer["run_id"]):
            return True
        assert not api.run(answer["dag_id"], answer["run_id"]).ended, failures(api, answer)
        return None

    until("the request for approval", look, seconds)
    time.sleep(BEFORE_ANSWER)


def approve(api: AirflowApi, answer: dict[str, Any], option: str = "Approve") -> None:
    """Answer a plan's request for approval."""
    asked(api, answer)
    api.answer(answer["dag_id"], answer["run_id"], "approval", option)


def output(api: AirflowApi, answer: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Return what a task returned."""
    found: dict[str, Any] = api.xcom(answer["dag_id"], answer["run_id"], task_id)
    return found


def error_of(api: AirflowApi, answer: dict[str, Any], task_id: str, try_number: int = 1) -> str:
    """Return the text of the error that a task ended with."""
    path = (
        f"/dags/{answer['dag_id']}/dagRuns/{answer['run_id']}"
        f"/taskInstances/{task_id}/logs/{try_number}"
    )
    lines = api.call("GET", path, params={"full_content": True})["content"]
    details = [line["error_detail"] for line in lines if line.get("error_detail")]
    return " ".join(each["exc_value"] for detail in details for each in detail)


def failures(api: AirflowApi, answer: dict[str, Any]) -> dict[str, str]:
    """Return the words of every task that failed."""
    failed = [
        each
        for each in api.task_instances(answer["dag_id"], answer["run_id"])
        if each.state == "failed"
    ]
    return {
        each.task_id: api.problem(answer["dag_id"], answer["run_id"], each.task_id, each.try_number)
        for each in failed
    }


def mark(api: AirflowApi, answer: dict[str, Any], task_id: str, state: str = "success") -> None:
    """Mark a task by hand, as Airflow's page does."""
    path = f"/dags/{answer['dag_id']}/dagRuns/{answer['run_id']}/taskInstances/{task_id}"
    api.call("PATCH", path, json={"new_state": state})


def clear(api: AirflowApi, answer: dict[str, Any], task_id: str) -> None:
    """Clear a task, and what failed behind it, as Airflow's page does."""
    body = {
        "dag_run_id": answer["run_id"],
        "task_ids": [task_id],
        "dry_run": False,
        "only_failed": False,
        "include_downstream": True,
        "reset_dag_runs": True,
    }
    api.call("POST", f"/dags/{answer['dag_id']}/clearTaskInstances", json=body)


def stop(api: AirflowApi, answer: dict[str, Any]) -> None:
    """End a plan's run as failed, as Airflow's page does, and wait until nothing of it runs."""
    path = f"/dags/{answer['dag_id']}/dagRuns/{answer['run_id']}"
    api.call("PATCH", path, json={"state": "failed"})

    def look() -> bool | None:
        return None if {"running", "restarting"} & set(states(api, answer).values()) else True

    until(f"the last task of {answer['run_id']}", look)
