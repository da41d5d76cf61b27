"""The client of Airflow's REST API: logins, errors, values."""

import httpx
import pytest

from opsbot.integrations.airflow.client import AirflowApi, AirflowSaysNo
from opsbot.vocabulary.errors import TryAgain
from tests.doors_demo.recorded_airflow import RecordedAirflow, run

XCOM = "GET /dags/d/dagRuns/r/taskInstances/t/xcomEntries/answer"


def test_one_login_serves_many_calls():
    airflow = RecordedAirflow({"GET /dags/d/dagRuns/r": run("success")})
    api = airflow.api()

    states = {api.run("d", "r").state for _ in range(3)}

    assert states == {"success"}
    assert airflow.logins == 1


def test_an_expired_login_is_renewed_once():
    def only_the_second(request: httpx.Request) -> httpx.Response:
        good = request.headers["Authorization"] == "Bearer token-2"
        return httpx.Response(200, json=run("running")) if good else httpx.Response(401, json={})

    airflow = RecordedAirflow(
        {"GET /dags/d/dagRuns/r": only_the_second, "GET /dags/d": {"dag_id": "d"}}
    )
    api = airflow.api()
    api.has_dag("d")

    assert api.run("d", "r").state == "running"
    assert airflow.logins == 2


def test_a_refusal_carries_airflows_words_and_no_password():
    answer = httpx.Response(403, json={"detail": "Forbidden"})
    api = RecordedAirflow({"POST /dags/d/dagRuns": answer}).api()

    with pytest.raises(AirflowSaysNo, match=r"POST /dags/d/dagRuns with 403: Forbidden") as caught:
        api.trigger("d", {})

    assert caught.value.status == 403
    assert "secret" not in str(caught.value)


def test_an_airflow_that_is_not_there_yet_may_be_tried_again():
    api = AirflowApi("http://127.0.0.1:1", "admin", "secret")

    with pytest.raises(TryAgain, match="could not be reached"):
        api.health()


@pytest.mark.parametrize(
    ("stored", "found"),
    [({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ("no json", "no json"), (None, None)],
)
def test_an_xcom_is_the_value_that_the_task_returned(stored, found):
    api = RecordedAirflow({XCOM: {"key": "answer", "value": stored}}).api()

    assert api.xcom("d", "r", "t", "answer") == found


def test_an_xcom_that_is_not_there_is_none():
    assert RecordedAirflow({}).api().xcom("d", "r", "t") is None


def test_a_trigger_has_no_logical_date_so_that_two_never_collide():
    airflow = RecordedAirflow({"POST /dags/d/dagRuns": run("queued")})

    airflow.api().trigger("d", {"command": "deploy"})

    assert airflow.bodies("POST") == [{"logical_date": None, "conf": {"command": "deploy"}}]


def test_an_approval_is_answered_with_its_option():
    path = "/dags/d/dagRuns/r/taskInstances/approval/-1/hitlDetails"
    airflow = RecordedAirflow({f"PATCH {path}": {}})

    airflow.api().answer("d", "r", "approval", "Reject")

    assert airflow.bodies("PATCH") == [{"chosen_options": ["Reject"], "params_input": {}}]


def test_health_names_the_components_that_are_missing():
    health = {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy"},
        "triggerer": {"status": None},
    }
    api = RecordedAirflow({"GET /monitor/health": health}).api()

    assert api.health().waiting_for() == ("dag_processor", "triggerer")


def test_the_problem_of_a_task_is_the_last_error_of_its_log():
    lines = [
        {"event": "Deploying"},
        {"event": "Task failed with exception", "error_detail": [{"exc_value": "it crashed"}]},
        {"event": "Restoring"},
    ]
    log = "GET /dags/d/dagRuns/r/taskInstances/deploy/logs/1"
    api = RecordedAirflow({log: {"content": lines}}).api()

    assert api.problem("d", "r", "deploy") == "it crashed"
    assert api.log("d", "r", "deploy").splitlines()[0] == "Deploying"
