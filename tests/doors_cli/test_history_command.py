"""`opsbot history`: what an Airflow remembers, joined from its replies."""

import io
import json

import httpx
import pytest
from rich.console import Console

from opsbot.doors import cli, history
from opsbot.doors.commands import history as command
from opsbot.integrations.airflow.client import AirflowApi
from opsbot.vocabulary.errors import Refused, TryAgain
from tests.doors_demo.recorded_airflow import RecordedAirflow

PLAN = "plan_deploy_production_1737354243"
STATUS = "plan_status_any_1737354250"


def a_run(plan_id: str, dag_id: str, state: str, request: str, ended: str | None):
    return {
        "dag_id": dag_id,
        "dag_run_id": plan_id,
        "state": state,
        "start_date": "2026-01-20T11:00:00Z",
        "end_date": ended,
        "conf": {"request": request},
        "triggering_user_name": "alice",
    }


def an_answer(option: str, plan_id: str = PLAN, task: str = "approval"):
    return {
        "subject": "s",
        "options": ["Approve", "Reject"],
        "response_received": True,
        "chosen_options": [option],
        "responded_by_user": {"id": "admin", "name": "Admin"},
        "responded_at": "2026-01-20T11:00:05Z",
        "task_instance": {"dag_run_id": plan_id, "task_id": task},
    }


def airflow(option="Approve", rollback="skipped", **changes):
    deployed = a_run(
        PLAN, "opsbot__my-application__production", "success", "manual__1", "2026-01-20T11:00:30Z"
    )
    running = a_run(STATUS, "opsbot__web__front__any", "running", "manual__gone", None)
    front = {
        "dag_id": "opsbot",
        "dag_run_id": "manual__1",
        "state": "success",
        "conf": {"command": "Deploy the code"},
    }
    answers = {
        "GET /dags/~/dagRuns": {"dag_runs": [running, deployed]},
        "POST /dags/~/dagRuns/~/taskInstances/list": {
            "task_instances": [{"dag_run_id": PLAN, "state": rollback}]
        },
        "GET /dags/~/dagRuns/~/hitlDetails": {"hitl_details": [an_answer(option)]},
        "GET /dags/opsbot/dagRuns": {"dag_runs": [front]},
        **changes,
    }
    return RecordedAirflow(answers)


def test_an_attempt_is_joined_from_its_run_its_command_and_its_answer():
    _, deployed = history.read(airflow().api(), 20)

    assert deployed.model_dump(mode="json") == {
        "at": "2026-01-20T11:00:00Z",
        "command": "Deploy the code",
        "plan_id": PLAN,
        "dag_id": "opsbot__my-application__production",
        "action": "deploy",
        "application": "my-application",
        "environment": "production",
        "state": "success",
        "seconds": 30.0,
        "requested_by": "alice",
        "answered": "Approve",
        "answered_by": "admin",
        "approved_by": "admin",
        "rolled_back": False,
    }


def test_a_plan_without_environment_and_with_a_forgotten_command():
    status, _ = history.read(airflow().api(), 20)

    assert (status.application, status.environment, status.action) == ("web__front", None, "status")
    assert status.command is None
    assert status.seconds is None
    assert status.answered is None


def test_a_rejection_approves_nothing():
    _, deployed = history.read(airflow(option="Reject").api(), 20)

    assert (deployed.answered, deployed.answered_by, deployed.approved_by) == (
        "Reject",
        "admin",
        None,
    )


def test_an_answer_to_another_question_is_no_approval():
    other = {"hitl_details": [an_answer("Approve", task="validation")]}

    _, deployed = history.read(airflow(**{"GET /dags/~/dagRuns/~/hitlDetails": other}).api(), 20)

    assert deployed.answered is None


def test_a_rollback_is_told():
    _, deployed = history.read(airflow(rollback="success").api(), 20)

    assert deployed.rolled_back


def test_only_plans_dags_and_the_newest_runs_are_asked_for():
    recorded = airflow()

    history.read(recorded.api(), 7)

    asked = next(each.url for each in recorded.asked if each.url.path == "/api/v2/dags/~/dagRuns")
    assert asked.params["dag_id_pattern"] == "opsbot__"
    assert asked.params["limit"] == "7"
    assert asked.params["order_by"] == "-run_after"


def test_runs_of_other_dags_are_no_plans():
    """The pattern's underscores match any character."""
    others = [
        a_run("r", dag, "success", "m", None) for dag in ("opsbot", "opsbot_a", "my_opsbot__")
    ]

    assert history.read(airflow(**{"GET /dags/~/dagRuns": {"dag_runs": others}}).api(), 20) == ()


def test_an_airflow_without_plans_is_asked_no_further():
    recorded = airflow(**{"GET /dags/~/dagRuns": {"dag_runs": []}})

    assert history.read(recorded.api(), 20) == ()
    assert len([each for each in recorded.asked if each.url.path.startswith("/api")]) == 1


def test_the_table_fits_a_terminal_and_keeps_each_plan_together():
    console = Console(file=io.StringIO(), width=80)

    console.print(command.table(history.read(airflow(rollback="success").api(), 20)))

    lines = [each.strip() for each in console.file.getvalue().splitlines()]
    at = next(i for i, line in enumerate(lines) if "deploy my-application in production" in line)
    assert '"Deploy the code"' in lines[at + 1]
    assert lines[at + 2] == PLAN
    assert lines[at + 3] == "asked by alice; Approve by admin; rolled back"


SET = {
    "OPSBOT_AIRFLOW_URL": "http://airflow:8080/",
    "OPSBOT_AIRFLOW_USER": "admin",
    "OPSBOT_AIRFLOW_PASSWORD": "x",
}


@pytest.mark.parametrize("lacking", SET)
def test_what_lacks_in_the_environment_is_named(lacking):
    with pytest.raises(Refused, match=rf"^{lacking} is not set"):
        command.connect({**SET, lacking: ""})


def test_an_address_without_a_scheme_is_refused():
    with pytest.raises(Refused, match="must begin with http"):
        command.connect({**SET, "OPSBOT_AIRFLOW_URL": "airflow:8080"})


def test_an_address_may_end_with_a_slash():
    assert command.connect(SET).url == "http://airflow:8080"


def cli_with(monkeypatch, transport, *arguments):
    monkeypatch.setattr(command, "connect", lambda _: transport.api())
    return cli.main(["history", *arguments])


def test_json_is_an_object_with_attempts(monkeypatch, capsys):
    assert cli_with(monkeypatch, airflow(), "--json") == 0

    attempts = json.loads(capsys.readouterr().out)["attempts"]
    assert [each["plan_id"] for each in attempts] == [STATUS, PLAN]


def test_a_wrong_login_is_said_without_the_password(monkeypatch, capsys):
    wrong = httpx.MockTransport(
        lambda request: httpx.Response(401, json={"detail": "Invalid credentials"})
    )
    monkeypatch.setattr(
        command, "connect", lambda _: AirflowApi("http://a", "admin", "hunter2", transport=wrong)
    )

    assert cli.main(["history"]) == 1
    said = capsys.readouterr().err
    assert "login of 'admin' with 401: Invalid credentials" in said
    assert "hunter2" not in said


def test_an_airflow_that_is_not_there_is_said(monkeypatch, capsys):
    def nowhere(_):
        raise TryAgain("Airflow at http://a could not be reached: refused")

    monkeypatch.setattr(command, "connect", nowhere)

    assert cli.main(["history"]) == 1
    assert "could not be reached" in capsys.readouterr().err


def test_without_an_environment_the_call_is_wrong(monkeypatch, capsys):
    for name in SET:
        monkeypatch.delenv(name, raising=False)

    assert cli.main(["history"]) == 2
    assert "OPSBOT_AIRFLOW_URL" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_limit_is_a_number_from_1_to_100(limit, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["history", f"--limit={limit}"])

    assert ended.value.code == 2
    assert "is no number from 1 to 100" in capsys.readouterr().err
