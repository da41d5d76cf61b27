"""Every action a command can ask for, carried out on a real Airflow."""

import pytest

from tests.integration import road

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


def carried_out(stack, command, *, approved=False):
    """Give a command, approve its plan where that is asked, and wait for its good end."""
    answer = road.ask(stack.api, command)
    assert answer["outcome"] == "plan", answer
    if approved:
        road.approve(stack.api, answer)
    run = road.ended(stack.api, answer["dag_id"], answer["run_id"])
    assert run.state == "success", road.failures(stack.api, answer)
    return answer


def output(stack, answer, task):
    return road.output(stack.api, answer, task)


@pytest.fixture(autouse=True, scope="module")
def serving(stack):
    """Version 0.9.5 runs in production before anything else is asked."""
    carried_out(stack, "Deploy my-application 0.9.5 to production", approved=True)


def test_scaling_changes_the_number_of_replicas_and_nothing_else(stack, cluster):
    before = cluster.live_image()

    answer = carried_out(stack, "Scale my-application in production to 3 replicas", approved=True)

    assert output(stack, answer, "scale")["ready"] == 3
    assert cluster.live_replicas() == 3
    assert cluster.live_image() == before


def test_restarting_gives_fresh_pods_of_the_same_version(stack, cluster):
    image, pods = cluster.live_image(), cluster.pods()

    answer = carried_out(stack, "Restart my-application in production", approved=True)

    assert output(stack, answer, "restart")["ready"] == len(pods)
    assert cluster.live_image() == image
    assert not cluster.pods() & pods


@pytest.mark.slow
def test_rolling_back_goes_to_the_version_that_is_named_and_a_deploy_comes_back(stack, cluster):
    new = carried_out(stack, "Deploy my-application to production", approved=True)
    deployed = cluster.live_image()

    back = carried_out(stack, "Roll back my-application in production to 0.9.5", approved=True)

    assert cluster.live_image() != deployed
    assert output(stack, back, "rollback_release")["image"] == cluster.live_image()
    again = carried_out(stack, "Roll back my-application in production", approved=True)
    assert cluster.live_image() == deployed
    assert (
        output(stack, again, "rollback_release")["image"] == output(stack, new, "deploy")["image"]
    )


@pytest.mark.slow
def test_promoting_brings_the_same_bytes_from_staging_to_production(stack, cluster):
    staged = carried_out(stack, "Deploy my-application to staging")
    digest = output(stack, staged, "build_image")["digest"]

    promoted = carried_out(
        stack, "Promote my-application from staging to production", approved=True
    )

    assert "build" not in road.states(stack.api, promoted)
    assert output(stack, promoted, "verify_image")["digest"] == digest
    assert cluster.live_image().endswith("@" + digest)


@pytest.mark.parametrize(
    ("command", "task", "field"),
    [
        ("Build my-application", "build", "artifacts"),
        ("Run the tests of my-application", "test", "passed"),
        ("Scan my-application", "quality_scan", "analysis_id"),
        ("What is the status of my-application in production?", "verify_pods", "running"),
        ("Diagnose my-application in production", "verify_pods", "running"),
    ],
)
def test_what_changes_no_environment_asks_nobody(stack, cluster, command, task, field):
    before = cluster.live_image()

    answer = carried_out(stack, command)

    assert output(stack, answer, task)[field]
    assert "approval" not in road.states(stack.api, answer)
    assert cluster.live_image() == before


@pytest.mark.parametrize("question", ["What is the status of", "Diagnose"])
def test_an_application_that_is_not_deployed_is_an_answer(stack, question):
    answer = carried_out(stack, f"{question} payments-api in production")

    assert output(stack, answer, "deployment")["state"] == "not_deployed"
    assert output(stack, answer, "verify_pods")["pods"] == 0
    assert output(stack, answer, "check_health")["health"] == "no_pods"
    assert "There is no Service" in output(stack, answer, "monitor")["trouble"]
