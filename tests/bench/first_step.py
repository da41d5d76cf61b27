"""How long it takes from a command to the first step, beside what Airflow itself takes.

    python -m tests.bench.first_step [--default]

Prints seconds and, since machines differ, the ratio to a DAG of one trivial task on the same
Airflow in the same run. The first command of a fresh Airflow warms it up and is not counted.
`--default` measures an Airflow without OPS Bot's settings.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from opsbot.doors.demo.stack import running_stack
from opsbot.integrations.airflow.client import AirflowApi
from tests.integration import road

COMMANDS = 5
TRIVIAL = """
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("trivial", schedule=None, catchup=False, is_paused_upon_creation=False):
    PythonOperator(task_id="only", python_callable=print)
"""
STARTED = ("running", "success", "failed")


def started(api: AirflowApi, dag_id: str, run_id: str, task_id: str) -> None:
    """Wait until a task runs."""

    def look() -> bool | None:
        tasks = {task.task_id: task.state for task in api.task_instances(dag_id, run_id)}
        return True if tasks.get(task_id) in STARTED else None

    road.until(f"the start of {task_id}", look)


def trivial(api: AirflowApi) -> float:
    """Return the seconds from a POST to the only task of a trivial DAG."""
    began = time.monotonic()
    run = api.trigger("trivial", {})
    started(api, "trivial", run.dag_run_id, "only")
    return time.monotonic() - began


def first_step(api: AirflowApi) -> float:
    """Return the seconds from the POST of a command to its first step."""
    began = time.monotonic()
    answer = road.ask(api)
    started(api, answer["dag_id"], answer["run_id"], "build")
    seconds = time.monotonic() - began
    road.approve(api, answer, "Reject")
    road.ended(api, answer["dag_id"], answer["run_id"])
    return seconds


def main() -> None:
    """Measure and print."""
    tuned = "--default" not in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        dags = Path(folder) / "dags"
        dags.mkdir()
        (dags / "trivial.py").write_text(TRIVIAL, encoding="utf-8")
        stack = running_stack(
            Path(folder) / "stack", tuned=tuned, more_dags=dags, say=print, wait_for="trivial"
        )
        with stack as running:
            first_step(running.api)
            trivial(running.api)
            ours = [first_step(running.api) for _ in range(COMMANDS)]
            airflows = [trivial(running.api) for _ in range(COMMANDS)]
    ratio = statistics.median(ours) / statistics.median(airflows)
    print("command to first step, s:", *(f"{each:.2f}" for each in sorted(ours)))
    print("trivial DAG, s:          ", *(f"{each:.2f}" for each in sorted(airflows)))
    print(f"median {statistics.median(ours):.2f} s, {ratio:.1f} times a trivial DAG")


if __name__ == "__main__":
    main()
