"""What Airflow's own pages and API let people do, and what OPS Bot makes of it."""

import json

import pytest

from opsbot.integrations.airflow.client import AirflowSaysNo
from opsbot.store import plans
from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


@pytest.fixture
def waiting(stack):
    """A plan whose run waits for approval; rejected afterwards if nobody answered."""
    answer = road.ask(stack.api)
    road.asked(stack.api, answer)
    yield answer
    if stack.api.approvals(answer["dag_id"], answer["run_id"]):
        stack.api.answer(answer["dag_id"], answer["run_id"], "approval", "Reject")
        road.ended(stack.api, answer["dag_id"], answer["run_id"])


@pytest.fixture
def untouched(stack, cluster):
    """Check that what runs in the cluster is what ran before."""
    before = cluster.live_image()
    yield before
    assert cluster.live_image() == before


def answer_as(stack, user, answer, option="Approve"):
    """Answer as a user and return the status Airflow replied with."""
    try:
        stack.api_as(user).answer(answer["dag_id"], answer["run_id"], "approval", option)
    except AirflowSaysNo as error:
        return error.status
    return 200


def test_s14_a_viewer_may_not_approve(stack, waiting, untouched):
    assert answer_as(stack, "viewer", waiting) == 403
    assert stack.api.approvals(waiting["dag_id"], waiting["run_id"])


def test_s14_who_rejected_cannot_approve_after_all(stack, waiting, untouched):
    assert answer_as(stack, "admin", waiting, "Reject") == 200

    assert answer_as(stack, "admin", waiting, "Approve") == 409
    assert road.ended(stack.api, waiting["dag_id"], waiting["run_id"]).state == "failed"
    assert road.states(stack.api, waiting)["deploy"] == "upstream_failed"


def test_s21_an_approval_marked_as_success_deploys_nothing(stack, waiting, untouched):
    road.mark(stack.api, waiting, "approval")

    assert road.ended(stack.api, waiting["dag_id"], waiting["run_id"]).state == "failed"
    assert road.states(stack.api, waiting)["deploy"] == "failed"
    assert "nobody approved it" in road.error_of(stack.api, waiting, "deploy")
    assert road.states(stack.api, waiting)["rollback"] == "skipped"


def test_s21_a_scan_marked_as_success_deploys_nothing(stack, waiting, untouched):
    """A marked scan returned nothing, yet opens the gate; the deploy asks for its evidence."""
    path = f"/dags/{waiting['dag_id']}/dagRuns/{waiting['run_id']}/taskInstances/quality_scan"
    stack.api.call("DELETE", f"{path}/xcomEntries/return_value")
    road.approve(stack.api, waiting)

    assert road.ended(stack.api, waiting["dag_id"], waiting["run_id"]).state == "failed"
    assert "'quality_scan' left no evidence" in road.error_of(stack.api, waiting, "deploy")


def test_s21_and_s15_an_edited_plan_deploys_nothing(stack, waiting, untouched):
    key = plans.plan_key(stack.api.run(waiting["dag_id"], waiting["run_id"]).conf["sequence"])
    stored = stack.api.call("GET", f"/variables/{key}")["value"]
    edited = json.loads(stored)
    deploy = next(step for step in edited["steps"] if step["id"] == "deploy")
    deploy["arguments"]["replicas"] = 9
    body = {"key": key, "value": json.dumps(edited)}
    stack.api.call("PATCH", f"/variables/{key}", json=body)

    road.approve(stack.api, waiting)

    run = road.ended(stack.api, waiting["dag_id"], waiting["run_id"])
    assert run.state == "failed"
    assert "changed after it was published" in "".join(
        road.error_of(stack.api, waiting, task)
        for task, state in road.states(stack.api, waiting).items()
        if state == "failed"
    )


def test_s21_a_plans_dag_triggered_by_hand_does_nothing(stack, waiting, untouched):
    conf = stack.api.run(waiting["dag_id"], waiting["run_id"]).conf

    by_hand = stack.api.trigger(waiting["dag_id"], conf)

    run = road.ended(stack.api, waiting["dag_id"], by_hand.dag_run_id)
    assert run.state == "failed"
    answer = {**waiting, "run_id": by_hand.dag_run_id}
    assert "not started by the front door" in road.error_of(stack.api, answer, "build")


def test_s21_a_cleared_deploy_does_not_deploy_again(stack, cluster):
    answer = road.ask(stack.api)
    road.approve(stack.api, answer)
    assert road.ended(stack.api, answer["dag_id"], answer["run_id"]).state == "success"
    before = cluster.live_image()

    road.clear(stack.api, answer, "deploy")

    assert road.ended(stack.api, answer["dag_id"], answer["run_id"]).state == "failed"
    assert "was carried out before" in road.error_of(stack.api, answer, "deploy", 2)
    assert road.states(stack.api, answer)["rollback"] == "skipped"
    assert cluster.live_image() == before


def test_s15_a_live_object_changed_after_approval_voids_it(stack, waiting, cluster):
    """Somebody changes the Deployment between the approval and the deploy."""
    with cluster.changed_by_somebody_else():
        road.approve(stack.api, waiting)

        assert road.ended(stack.api, waiting["dag_id"], waiting["run_id"]).state == "failed"
        assert "is not what was approved" in road.error_of(stack.api, waiting, "deploy")
        assert road.states(stack.api, waiting)["rollback"] == "skipped"


def test_s14_an_approval_is_given_once(stack, waiting):
    assert answer_as(stack, "admin", waiting) == 200

    assert answer_as(stack, "admin", waiting) == 409
    assert road.ended(stack.api, waiting["dag_id"], waiting["run_id"]).state == "success"
