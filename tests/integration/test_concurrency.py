"""Several wishes at once, and who may say yes to them."""

import pytest

from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(600)]

DEPLOY = "Deploy my-application to production"
SCALE = "Scale my-application in production to {} replicas"


@pytest.fixture(autouse=True, scope="module")
def serving(stack):
    """Two versions have been deployed to production, so there is one to go back to."""
    for version in (" 0.9.5", ""):
        answer = road.ask(stack.api, f"Deploy my-application{version} to production")
        road.approve(stack.api, answer)
        run = road.ended(stack.api, answer["dag_id"], answer["run_id"])
        assert run.state == "success", road.failures(stack.api, answer)


@pytest.fixture
def parked(stack):
    """A deployment that waits for approval; rejected afterwards if nobody answered."""
    answer = road.ask(stack.api, DEPLOY)
    road.asked(stack.api, answer)
    yield answer
    reject_if_waiting(stack, answer)


def reject_if_waiting(stack, answer):
    if stack.api.approvals(answer["dag_id"], answer["run_id"]):
        stack.api.answer(answer["dag_id"], answer["run_id"], "approval", "Reject")
    road.ended(stack.api, answer["dag_id"], answer["run_id"])


def ended(stack, answer):
    return road.ended(stack.api, answer["dag_id"], answer["run_id"]).state


def test_the_same_command_five_times_in_a_second_is_one_run(stack):
    asked = [stack.api.trigger(road.FRONT_DOOR, {"command": DEPLOY}) for _ in range(5)]
    for run in asked:
        assert road.ended(stack.api, road.FRONT_DOOR, run.dag_run_id).state == "success"

    answers = [stack.api.xcom(road.FRONT_DOOR, run.dag_run_id, "plan", "answer") for run in asked]
    assert len({each["run_id"] for each in answers}) == 1
    road.approve(stack.api, answers[0], "Reject")
    assert ended(stack, answers[0]) == "failed"


def test_a_newer_deployment_supersedes_one_that_waits_and_says_so(stack, parked, cluster):
    before = cluster.live_image()

    newer = road.ask(stack.api, "Deploy my-application 0.9.5 to production")

    assert ended(stack, parked) == "failed"
    assert f"superseded by {newer['run_id']}" in road.error_of(stack.api, parked, "approval")
    road.approve(stack.api, newer, "Reject")
    assert ended(stack, newer) == "failed"
    assert cluster.live_image() == before


def test_an_urgent_rollback_does_not_wait_for_a_deployment_that_waits(stack, parked, cluster):
    before = cluster.live_image()

    back = road.ask(stack.api, "Roll back my-application in production immediately!")
    road.approve(stack.api, back)

    assert ended(stack, back) == "success"
    assert cluster.live_image() != before
    assert ended(stack, parked) == "failed"


def test_a_status_is_told_while_a_deployment_waits_and_changes_nothing_about_it(stack, parked):
    status = road.ask(stack.api, "Status of my-application in production")

    assert ended(stack, status) == "success"
    assert stack.api.approvals(parked["dag_id"], parked["run_id"])


def test_two_environments_are_deployed_to_at_once(stack):
    first, second = (
        road.ask(stack.api, f"Deploy my-application to {each}")
        for each in ("staging", "development")
    )

    assert (ended(stack, first), ended(stack, second)) == ("success", "success")


def test_s14_with_four_eyes_the_requester_may_not_approve(stack, edit, cluster):
    edit("policies.yaml", "approvers: []", "approvers: []\n      four_eyes: true")
    requester = stack.api_as("requester")
    before = cluster.live_replicas()
    own, other = (road.ask(requester, SCALE.format(before + each)) for each in (1, 2))

    road.approve(requester, own)

    assert ended(stack, own) == "failed"
    assert "four eyes" in road.error_of(stack.api, own, "approval")
    assert cluster.live_replicas() == before
    road.approve(stack.api_as("approver"), other)
    assert ended(stack, other) == "success"
    assert cluster.live_replicas() == before + 2


def test_s14_only_named_approvers_may_approve(stack, edit, cluster):
    edit("policies.yaml", "approvers: []", "approvers: [approver]")
    before = cluster.live_replicas()
    answer = road.ask(stack.api, SCALE.format(before + 1))
    road.asked(stack.api, answer)

    with pytest.raises(Exception, match="403"):
        stack.api.answer(answer["dag_id"], answer["run_id"], "approval", "Approve")
    stack.api_as("approver").answer(answer["dag_id"], answer["run_id"], "approval", "Approve")

    assert ended(stack, answer) == "success"
    assert cluster.live_replicas() == before + 1


def test_an_approval_that_nobody_gives_in_time_ends_the_run(stack, edit, cluster):
    edit("policies.yaml", "expires_after: 3600", "expires_after: 3")
    before = cluster.live_replicas()

    answer = road.ask(stack.api, SCALE.format(before + 1))

    assert ended(stack, answer) == "failed"
    assert road.states(stack.api, answer)["scale"] == "upstream_failed"
    assert cluster.live_replicas() == before


def test_a_change_that_a_person_finds_wrong_is_taken_back(stack, edit, cluster):
    edit(
        "policies.yaml", "coverage_required: 80", "coverage_required: 80\n    validate_after: true"
    )
    before = cluster.live_replicas()
    answer = road.ask(stack.api, SCALE.format(before + 1))
    road.approve(stack.api, answer)
    assert road.task_ended(stack.api, answer, "monitor") == "success"
    road.asked(stack.api, answer)

    stack.api.answer(answer["dag_id"], answer["run_id"], "validation", "Reject")

    assert ended(stack, answer) == "failed"
    assert road.states(stack.api, answer)["verify_rollback"] == "success"
    assert cluster.live_replicas() == before


def test_s21_a_settled_change_is_not_undone_by_clearing_its_approval(stack, cluster):
    before = cluster.live_replicas()
    answer = road.ask(stack.api, SCALE.format(before + 1))
    road.approve(stack.api, answer)
    assert ended(stack, answer) == "success"

    road.clear(stack.api, answer, "approval")
    road.approve(stack.api, answer, "Reject")

    assert ended(stack, answer) == "failed"
    assert road.states(stack.api, answer)["rollback"] == "skipped"
    assert cluster.live_replicas() == before + 1
