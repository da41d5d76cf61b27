"""The main job on a real Airflow: scheduler, API server, DAG processor, triggerer, over REST."""

import pytest

from opsbot.doors import history
from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]

STEPS = (
    "build",
    "test",
    "quality_scan",
    "security_scan",
    "build_image",
    "verify_image",
    "deploy",
    "verify_pods",
    "check_health",
    "monitor",
)
GUARDS = ("gate", "preview", "approval", "backup", "report", "notify", "succeeded")


@pytest.fixture(scope="module")
def deployed(stack):
    """One approved deployment, from the command to the run's end."""
    answer = road.ask(stack.api)
    road.approve(stack.api, answer)
    run = road.ended(stack.api, answer["dag_id"], answer["run_id"])
    return answer, run


def test_airflow_has_no_import_errors(stack):
    assert stack.api.import_errors() == ()


def test_a_command_becomes_an_approved_and_verified_deployment(stack, deployed):
    answer, run = deployed
    states = road.states(stack.api, answer)

    assert run.state == "success", states
    assert {states[each] for each in (*STEPS, *GUARDS)} == {"success"}
    assert states["rollback"] == states["verify_rollback"] == "skipped"


def test_the_answer_names_the_run_of_the_plan(deployed):
    answer, run = deployed

    assert answer["outcome"] == "plan"
    assert answer["dag_id"] == "opsbot__my-application__production"
    assert answer["run_id"] == answer["plan"]["plan_id"] == run.dag_run_id
    assert answer["intent"]["action"] == "deploy"
    assert run.conf["fingerprint"] == answer["plan"]["fingerprint"]


def test_each_step_returns_its_typed_output(stack, deployed):
    answer, _ = deployed
    outputs = {step: road.output(stack.api, answer, step) for step in STEPS}

    assert outputs["build"]["status"] == "SUCCESS"
    assert outputs["test"]["failed"] == 0 < outputs["test"]["passed"]
    assert outputs["test"]["coverage"] >= 80
    assert outputs["quality_scan"]["analysis_id"] == outputs["security_scan"]["analysis_id"]
    assert outputs["build_image"]["digest"] == outputs["verify_image"]["digest"]
    assert outputs["verify_image"]["signature"] in ("valid", "not_measured")
    assert outputs["deploy"]["replicas"] == outputs["deploy"]["ready"] == 2
    assert outputs["deploy"]["image"].endswith("@" + outputs["build_image"]["digest"])
    assert outputs["verify_pods"]["pods"] == outputs["verify_pods"]["ready"] == 2
    assert outputs["monitor"]["endpoints"] == 2
    assert outputs["monitor"]["failed"] == 0


def test_the_run_reports_what_it_proved(stack, deployed):
    answer, _ = deployed
    report = road.output(stack.api, answer, "report")

    assert report["markdown"].startswith("# ✅ Deploy code to production Kubernetes\n")
    data = report["data"]
    assert data["status"] == "COMPLETED"
    assert data["totals"]["completed"] == len(STEPS)
    assert all(step["seconds"] for step in data["steps"])
    assert [each["word"] for each in data["compliance"] if not each["proven"]] == []
    assert data["requested_by"] == "admin"
    assert [(each["option"], each["by"]) for each in data["answers"]] == [("Approve", "admin")]
    assert data["answers"][0]["subject_sha256"]


def test_the_history_has_the_deployment(stack, deployed):
    answer, run = deployed

    attempt = next(a for a in history.read(stack.api, 20) if a.plan_id == answer["run_id"])

    assert attempt.command == road.COMMAND
    assert (attempt.action, attempt.environment) == ("deploy", "production")
    assert (attempt.state, attempt.approved_by) == (run.state, "admin")
    assert not attempt.rolled_back


def test_a_question_ends_the_run_as_failed_and_is_its_answer(stack):
    answer = road.ask(stack.api, "deploy web-frontend")

    assert answer["outcome"] == "question"
    assert answer["missing"] == ["environment"]
    assert stack.api.run("opsbot", answer["front_door"]).state == "failed"
    asked = {"dag_id": "opsbot", "run_id": answer["front_door"]}
    assert road.error_of(stack.api, asked, "plan") == answer["question"]


def test_a_refusal_ends_the_run_as_failed_and_is_its_answer(stack):
    answer = road.ask(stack.api, "delete all pods in production")

    assert answer["outcome"] == "refusal"
    assert stack.api.run("opsbot", answer["front_door"]).state == "failed"


def test_the_shape_of_the_run_is_the_plans(stack, deployed):
    answer, _ = deployed
    plan = answer["plan"]

    assert set(road.states(stack.api, answer)) == {
        *(step["id"] for step in plan["steps"]),
        *plan["guards"],
    }
