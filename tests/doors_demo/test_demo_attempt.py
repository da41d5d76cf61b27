"""A command's way through Airflow, as the demo follows it."""

import pytest

from opsbot.doors.demo import attempt as attempts
from opsbot.doors.demo.attempt import Asked
from opsbot.vocabulary.errors import StepFailed
from tests.doors_demo.attempts import START
from tests.doors_demo.recorded_airflow import RecordedAirflow, run, task
from tests.makers import COMMAND, a_plan

ANSWER = "GET /dags/opsbot/dagRuns/r/taskInstances/plan/xcomEntries/answer"
RUNS = "GET /dags/d/dagRuns"
TASKS = "GET /dags/d/dagRuns/plan_1/taskInstances"
BEGAN, ENDED = "2026-01-20T11:00:10Z", "2026-01-20T11:00:12.5Z"


def front_door(answer, state="running"):
    return RecordedAirflow(
        {
            "POST /dags/opsbot/dagRuns": run("queued", "r"),
            "GET /dags/opsbot/dagRuns/r": run(state, "r"),
            "GET /dags/opsbot/dagRuns/r/taskInstances/plan/logs/1": {"content": ["it broke"]},
            ANSWER: {"key": "answer", "value": answer},
        }
    )


def asked():
    return Asked(plan=a_plan(), dag_id="d", run_id="plan_1", at=START)


def test_a_command_becomes_a_plan_and_the_run_that_carries_it_out():
    answer = {"outcome": "plan", "plan": a_plan().model_dump(mode="json")}
    airflow = front_door({**answer, "dag_id": "d", "run_id": "plan_1"})

    found = attempts.ask(airflow.api(), COMMAND)

    assert (found.plan, found.dag_id, found.run_id) == (a_plan(), "d", "plan_1")
    assert airflow.bodies("POST")[0]["conf"] == {"command": COMMAND}


def test_a_question_is_told_instead_of_a_plan():
    airflow = front_door({"outcome": "question", "question": "Which environment?"}, "failed")

    with pytest.raises(StepFailed, match=r"no plan but a question: Which environment\?"):
        attempts.ask(airflow.api(), COMMAND)


def test_a_broken_front_door_shows_the_end_of_its_log():
    with pytest.raises(StepFailed, match="it broke"):
        attempts.ask(front_door(None, "failed").api(), COMMAND)


def test_a_run_is_followed_to_its_end_and_the_approval_answered_once(monkeypatch):
    monkeypatch.setattr(attempts, "BEFORE_ANSWER_SECONDS", 0)
    monkeypatch.setattr(attempts, "LOOK_SECONDS", 0)
    states = iter(["queued", "running", "running", "success"])
    waiting = {"task_instances": [task("approval", "awaiting_input", BEGAN)]}
    airflow = RecordedAirflow(
        {
            RUNS: lambda _: _json({"dag_runs": [run(next(states))]}),
            TASKS: waiting,
            "PATCH /dags/d/dagRuns/plan_1/taskInstances/approval/-1/hitlDetails": {},
        }
    )
    seen = []

    ended = attempts.follow(
        airflow.api(), asked(), lambda each: seen.append(each.state), attempts.answering("Reject")
    )

    assert ended.state == "success"
    assert seen == ["queued", "running", "running", "success"]
    assert [body["chosen_options"] for body in airflow.bodies("PATCH")] == [["Reject"]]


def test_a_steps_output_is_read_once():
    xcom = "/dags/d/dagRuns/plan_1/taskInstances/build/xcomEntries/return_value"
    airflow = RecordedAirflow(
        {
            RUNS: {"dag_runs": [run("running")]},
            TASKS: {"task_instances": [task("build", "success", BEGAN, ENDED)]},
            f"GET {xcom}": {"value": {"build_number": 142}},
        }
    )
    api = airflow.api()

    first = attempts.look(api, attempts.Attempt(asked=asked()))
    again = attempts.look(api, first)

    assert again.outcome("build").output == {"build_number": 142}
    assert again.outcome("build").seconds == 2.5
    assert sum(each.url.path.endswith(xcom) for each in airflow.asked) == 1


def test_a_run_that_is_not_there_yet_is_waited_for():
    before = attempts.Attempt(asked=asked())
    airflow = RecordedAirflow({RUNS: {"dag_runs": []}})

    assert attempts.look(airflow.api(), before) == before


def _json(value):
    import httpx

    return httpx.Response(200, json=value)
