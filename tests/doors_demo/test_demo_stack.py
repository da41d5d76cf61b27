"""A real Airflow, really started and really stopped."""

import time

import pytest

from opsbot.doors.demo import processes, stack
from opsbot.doors.demo.processes import PartFailed

pytestmark = pytest.mark.airflow

SIMPLE_DAG = """
from airflow.sdk import dag, task

@dag(dag_id="simple", schedule=None, is_paused_upon_creation=False)
def simple():
    @task
    def plan():
        return {"outcome": "plan"}

    plan()

simple()
"""


def test_a_stack_runs_a_task_and_leaves_no_process_behind(tmp_path):
    dags = tmp_path / "dags"
    dags.mkdir()
    (dags / "simple.py").write_text(SIMPLE_DAG)
    running = stack.running_stack(
        tmp_path / "state",
        scenario=None,
        users={"admin": "admin", "viewer": "viewer"},
        more_dags=dags,
        wait_for="simple",
    )

    with running as up:
        run = up.api.trigger("simple", {})
        ended = _end_of(up, run.dag_run_id)
        output = up.api.xcom("simple", run.dag_run_id, "plan")
        seen_by_viewer = up.api_as("viewer").run("simple", run.dag_run_id).state
        leaders = [part.process.pid for part in up.parts]

    assert (ended.state, seen_by_viewer, output) == ("success", "success", {"outcome": "plan"})
    assert len(leaders) == 4
    assert [processes.session_of(each) for each in leaders] == [[], [], [], []]


def test_a_failed_start_shows_the_log_and_leaves_no_process_behind(tmp_path):
    home = tmp_path / "airflow"
    home.mkdir()
    (home / "airflow.db").write_text("this is no database\n" * 100)

    with (
        pytest.raises(PartFailed, match=r"db failed(.|\n)*file is not a database"),
        stack.running_stack(tmp_path, scenario=None),
    ):
        pytest.fail("a broken database must not start")


def _end_of(up, run_id):
    deadline = time.monotonic() + 60
    while not (run := up.api.run("simple", run_id)).ended:
        assert time.monotonic() < deadline, run
        time.sleep(0.2)
    return run
