"""Status and diagnosis tell the truth about an application and fail for nothing they find."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from opsbot.integrations.kubernetes import running
from opsbot.integrations.kubernetes.patience import until
from opsbot.integrations.kubernetes.rolling import DeployOutput, RolloutAborted
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.kubernetes import looks
from tests.contract.kubernetes.stage import NAME, SERVICE, Stage, Target
from tests.contract.kubernetes.test_least_rights import grant, shipped_rules

MISSING = "Cannot find module './config/production.json'"


@pytest.fixture(scope="module")
def healthy(new_stage: Callable[[str], Stage]) -> tuple[Stage, DeployOutput]:
    """Version 1, rolled out."""
    stage = new_stage("healthy")
    return stage, stage.deploy(stage.images.good("1"))


@pytest.fixture(scope="module")
def stuck(new_stage: Callable[[str], Stage]) -> Stage:
    """A broken version that crashes beside version 1, which serves."""
    stage = new_stage("stuck")
    stage.deploy(stage.images.good("1"))
    with pytest.raises(RolloutAborted):
        stage.deploy(stage.images.without_configuration(), restarts_before_abort=3)
    return stage


@pytest.fixture(scope="module")
def broken(new_stage: Callable[[str], Stage]) -> Stage:
    """A first version that crashes."""
    stage = new_stage("broken")
    with pytest.raises(RolloutAborted):
        stage.deploy(stage.images.without_configuration(), restarts_before_abort=3)
    return stage


@pytest.fixture(scope="module")
def imageless(new_stage: Callable[[str], Stage]) -> Stage:
    """A first version whose image nobody pushed."""
    stage = new_stage("imageless")
    for each in stage.render(stage.images.absent(), replicas=1):
        stage.cluster.apply(each)

    def look() -> tuple[bool | None, str]:
        troubles = looks.pods(stage).troubles
        return (any("Pull" in each for each in troubles) or None), str(troubles)

    assert until(look, seconds=30, say=silent)[0]
    return stage


def test_an_application_that_is_not_deployed_is_an_answer(quiet: Stage) -> None:
    assert looks.deployment(quiet).state == "not_deployed"
    assert looks.rollout(quiet).state == "not_deployed"
    assert looks.pods(quiet).pods == 0
    assert (looks.logs(quiet).pods, looks.logs(quiet).health) == (0, "no_pods")
    assert looks.logs(quiet, previous=True).quotes == ()
    assert looks.events(quiet).events == ()
    service = looks.service(quiet)
    assert (service.type, service.endpoints, service.requests) == ("", 0, 0)
    assert f"There is no Service '{SERVICE}'" in service.trouble


def test_a_healthy_application_is_told_as_healthy(
    healthy: tuple[Stage, DeployOutput],
) -> None:
    stage, deployed = healthy

    deployment, rollout = looks.deployment(stage), looks.rollout(stage)
    pods, logs, service = looks.pods(stage), looks.logs(stage), looks.service(stage)

    assert (deployment.state, deployment.replicas, deployment.ready) == ("available", 2, 2)
    assert deployment.images == (deployed.image,)
    assert deployment.revision == deployed.revision
    assert (rollout.state, rollout.updated, rollout.reason) == ("complete", 2, "")
    assert (pods.pods, pods.running, pods.ready, pods.troubles) == (2, 2, 2, ())
    assert (logs.pods, logs.errors, logs.health, logs.quotes) == (2, 0, "healthy", ())
    assert looks.logs(stage, previous=True).health == "healthy"
    assert (service.endpoints, service.failed, service.trouble) == (2, 0, "")
    assert service.requests > 0


def test_a_rollout_that_is_stuck_is_told_beside_the_version_that_serves(stuck: Stage) -> None:
    deployment, rollout, pods = looks.deployment(stuck), looks.rollout(stuck), looks.pods(stuck)
    service = looks.service(stuck)

    assert (deployment.state, deployment.ready) == ("available", 2)
    assert rollout.state == "failing"
    assert "ended" in rollout.reason
    assert "exit code 1" in rollout.reason
    assert (pods.pods, pods.ready) == (3, 2)
    assert len(pods.troubles) == 1
    assert f"{NAME}: " in pods.troubles[0]
    assert "(Error, exit code 1)" in pods.troubles[0]
    assert (service.endpoints, service.failed, service.trouble) == (2, 0, "")


def test_the_last_words_of_a_crashed_container_are_quoted(stuck: Stage) -> None:
    found = looks.logs(stuck, previous=True)

    assert found.health == "crashed"
    assert any(MISSING in each for each in found.quotes)
    assert all(each.partition("/")[0] in looks.pods(stuck).names for each in found.quotes)


def test_errors_in_the_logs_are_counted_and_quoted(broken: Stage) -> None:
    found = looks.logs(broken)

    assert found.health == "errors"
    assert found.errors > 0
    assert any(MISSING in each for each in found.quotes)


def test_warnings_are_told_newest_first_and_bounded(stuck: Stage) -> None:
    found = looks.events(stuck)

    assert {"BackOff"} <= {each.reason for each in found.events}
    assert [each.at for each in found.events] == sorted(
        (each.at for each in found.events), reverse=True
    )
    assert all(each.object.startswith(f"Pod {NAME}-") for each in found.events)
    normal = looks.events(stuck, type="Normal", limit=2)
    assert len(normal.events) == 2
    assert normal.left_off > 0


def test_events_of_a_neighbour_are_not_told(stuck: Stage) -> None:
    kinds = {each.object.partition(" ")[0] for each in looks.events(stuck, type="Normal").events}

    assert kinds <= {"Deployment", "ReplicaSet", "Pod"}
    elsewhere = replace(stuck, namespace="default")
    assert looks.events(elsewhere).events == ()


def test_a_service_without_a_ready_pod_is_an_answer_within_seconds(broken: Stage) -> None:
    began = time.monotonic()

    deployment, service = looks.deployment(broken), looks.service(broken)

    assert time.monotonic() - began < 5
    assert (deployment.state, deployment.ready) == ("unavailable", 0)
    assert (service.endpoints, service.requests, service.p95_seconds) == (0, 0, None)
    assert f"No pod behind Service '{SERVICE}' is ready" in service.trouble


def test_an_image_that_is_not_there_is_the_reason_that_is_told(imageless: Stage) -> None:
    pods, logs, rollout = looks.pods(imageless), looks.logs(imageless), looks.rollout(imageless)

    assert "Pull" in pods.troubles[0]
    assert (logs.health, logs.errors) == ("not_started", 0)
    assert looks.logs(imageless, previous=True).quotes == ()
    assert rollout.state == "in_progress"
    assert "Pull" in rollout.reason
    assert "Failed" in {each.reason for each in looks.events(imageless).events}


def test_an_event_of_the_scheduler_is_told_with_its_moment(stuck: Stage) -> None:
    found = looks.events(stuck, type="Normal", limit=200)

    scheduled = [each for each in found.events if each.reason == "Scheduled"]
    assert len(scheduled) == 3
    assert all(each.at.startswith("20") and each.count == 1 for each in scheduled)


def test_a_pod_that_no_node_takes_is_told_in_the_schedulers_words(
    target: Target, new_stage: Callable[[str], Stage]
) -> None:
    if target.name == "sandbox":
        pytest.skip("the sandbox's node takes every pod")
    stage = new_stage("unplaced")
    *others, manifest = stage.render(stage.images.good("1"), replicas=1)
    template = manifest["spec"]["template"]
    picky = {**template["spec"], "nodeSelector": {"disk": "of-glass"}}
    spec = {**manifest["spec"], "template": {**template, "spec": picky}}
    for each in (*others, {**manifest, "spec": spec}):
        stage.cluster.apply(each)

    def look() -> tuple[bool | None, str]:
        found = looks.events(stage)
        return (bool(found.events) or None), str(found)

    assert until(look, seconds=30, say=silent)[0]

    event = looks.events(stage).events[0]
    assert (event.reason, event.count >= 1) == ("FailedScheduling", True)
    assert event.at
    assert "nodes are available" in looks.pods(stage).troubles[0]
    assert looks.rollout(stage).state == "in_progress"
    assert "nodes are available" in looks.rollout(stage).reason
    assert looks.logs(stage).errors == 0


def test_what_is_an_answer_to_a_question_fails_a_check(broken: Stage) -> None:
    wanted = running.look(broken.cluster, broken.namespace, NAME, NAME)

    with pytest.raises(StepFailed, match=r"is not at full size: .*exit code 1"):
        looks.pods(broken, wanted, clock=looks.HurriedClock())
    with pytest.raises(StepFailed, match="error lines"):
        looks.logs(broken, wanted)
    with pytest.raises(StepFailed, match="does not reach every pod"):
        looks.service(broken, wanted, clock=looks.HurriedClock())


def test_a_check_without_a_version_to_check_fails(quiet: Stage) -> None:
    with pytest.raises(StepFailed, match="is not in namespace"):
        running.look(quiet.cluster, quiet.namespace, NAME, NAME)


def test_what_may_not_be_read_is_a_failure_and_no_answer(
    target: Target, new_stage: Callable[[str], Stage]
) -> None:
    if target.name == "sandbox":
        pytest.skip("the sandbox has one user, who may do everything")
    stage = new_stage("unread")
    less = [each for each in shipped_rules("any") if "pods" not in each["resources"]]
    stage = replace(stage, cluster=grant(stage, less))

    assert looks.deployment(stage).state == "not_deployed"
    with pytest.raises(StepFailed, match="cannot list resource"):
        looks.pods(stage)
    with pytest.raises(StepFailed, match="cannot list resource"):
        looks.logs(stage)
