"""Good and bad versions rolled out for real, and the way back from each."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.capabilities.kubernetes.get_pod_logs import GetPodLogs
from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.capabilities.kubernetes.get_service import GetService
from opsbot.integrations.kubernetes import (
    endpoints,
    get_pod_logs,
    get_pods,
    get_service,
    logs,
    objects,
    replica_sets,
    restore,
)
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.restored import RestoreOutput
from opsbot.integrations.kubernetes.rolling import DeployOutput, RolloutAborted
from opsbot.verification import versions
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.kubernetes.stage import NAME, SELECTOR, SERVICE, Stage

MISSING = "Cannot find module './config/production.json'"

Failure = tuple[Stage, Backup, RolloutAborted]


@pytest.fixture(scope="module")
def side_stories(new_stage: Callable[[str], Stage]) -> dict[str, Future[Failure]]:
    """Rollouts that take their time to fail, under way while the others are looked at."""
    pool = ThreadPoolExecutor(4)

    def failing(stage: Stage, reference: str, **changes: Any) -> Failure:
        saved = stage.backup(reference)
        with pytest.raises(RolloutAborted) as caught:
            stage.deploy(reference, **changes)
        return stage, saved, caught.value

    first, absent, slow = new_stage("first"), new_stage("absent"), new_stage("deadline")
    broken = first.images.without_configuration()
    return {
        "first": pool.submit(failing, first, broken),
        "absent": pool.submit(failing, absent, absent.images.absent(), replicas=1),
        "deadline": pool.submit(
            failing, slow, broken, replicas=1, rollout_deadline=4, restarts_before_abort=9
        ),
    }


@pytest.fixture(scope="module")
def served(new_stage: Callable[[str], Stage], side_stories: object) -> tuple[Stage, DeployOutput]:
    """Version 1, rolled out."""
    stage = new_stage("story")
    return stage, stage.deploy(stage.images.good("1"))


@pytest.fixture(scope="module")
def crashed(served: tuple[Stage, DeployOutput]) -> Failure:
    """A broken version over version 1, given up after its third end."""
    stage, _ = served
    broken = stage.images.without_configuration()
    saved = stage.backup(broken)
    with pytest.raises(RolloutAborted) as caught:
        stage.deploy(broken)
    return stage, saved, caught.value


def test_a_rollout_ends_with_every_replica_of_the_new_version(
    served: tuple[Stage, DeployOutput],
) -> None:
    stage, output = served

    assert (output.revision, output.replicas, output.ready) == (1, 2, 2)
    assert output.image == stage.images.good("1")
    sets = replica_sets.of_deployment(stage.cluster, stage.live())
    assert [versions.template_hash(each) for each in sets] == [output.template_hash]


def test_right_after_an_apply_the_status_is_the_old_versions(
    served: tuple[Stage, DeployOutput],
) -> None:
    stage, _ = served

    answer = stage.cluster.apply(stage.render(stage.images.good("2"))[-1], dry_run=True)

    assert answer["metadata"]["generation"] == stage.live()["metadata"]["generation"] + 1
    assert answer["status"]["observedGeneration"] < answer["metadata"]["generation"]
    assert answer["status"]["updatedReplicas"] == 2


def test_applying_again_changes_nothing(served: tuple[Stage, DeployOutput]) -> None:
    stage, output = served
    before = stage.live()["metadata"]

    again = stage.deploy(stage.images.good("1"))

    assert again == output
    assert stage.live()["metadata"]["generation"] == before["generation"]


def test_the_checks_find_pods_logs_and_service_of_the_deployed_version(
    served: tuple[Stage, DeployOutput],
) -> None:
    stage, output = served
    where = {"namespace": stage.namespace}

    pods = get_pods.run(
        stage.cluster,
        GetPods.model_validate({**where, "label_selector": SELECTOR}),
        deployment=output,
        say=silent,
    )
    logs = get_pod_logs.run(
        stage.cluster,
        GetPodLogs.model_validate({**where, "pod_selector": SELECTOR, "container": NAME}),
        deployment=output,
        say=silent,
    )
    service = get_service.run(
        stage.cluster,
        GetService.model_validate({**where, "service_name": SERVICE}),
        deployment=output,
        say=silent,
    )

    assert (pods.pods, pods.running, pods.ready, len(pods.names)) == (2, 2, 2, 2)
    assert (logs.pods, logs.errors, logs.health) == (2, 0, "healthy")
    assert (service.type, service.endpoints) == ("NodePort", 2)
    assert service.requests > 0
    assert service.failed == 0
    assert service.p95_seconds is not None
    assert service.port == stage.live("Service", SERVICE)["spec"]["ports"][0]["nodePort"]


def test_a_log_is_what_the_container_wrote(served: tuple[Stage, DeployOutput]) -> None:
    stage, _ = served
    pod = objects.name_of(stage.cluster.list("Pod", stage.namespace, labels=SELECTOR)[0])

    text = stage.cluster.log(stage.namespace, pod, NAME, lines=10)

    assert text == "Version 1 started on port 3000\n"


def test_there_is_no_previous_log_without_a_previous_life(
    served: tuple[Stage, DeployOutput],
) -> None:
    stage, _ = served
    pod = objects.name_of(stage.cluster.list("Pod", stage.namespace, labels=SELECTOR)[0])

    with pytest.raises(StepFailed, match=f'previous terminated container "{NAME}" in pod'):
        stage.cluster.log(stage.namespace, pod, NAME, lines=10, previous=True)


def test_a_container_that_ends_three_times_aborts_the_rollout_with_its_last_words(
    crashed: Failure,
) -> None:
    _, _, aborted = crashed
    evidence = aborted.evidence

    assert "ended 3 times (Error, exit code 1)" in evidence.reason
    assert (evidence.container, evidence.exit_code) == (NAME, 1)
    assert any(MISSING in line for line in evidence.log)
    assert MISSING in str(aborted)
    assert evidence.first_failure is not None
    assert 0 < evidence.decided - evidence.first_failure < 60


def test_the_waits_between_crashes_are_seen_in_their_order(
    crashed: Failure,
) -> None:
    stage, _, aborted = crashed
    seen = [line for line in stage.said if aborted.evidence.pod in line]

    backoffs = [index for index, line in enumerate(seen) if "CrashLoopBackOff" in line]
    assert backoffs
    assert "2 ends" in seen[backoffs[0]]


def test_the_old_version_serves_all_the_while(
    served: tuple[Stage, DeployOutput], crashed: Failure
) -> None:
    stage, output = served
    old = stage.cluster.list(
        "Pod", stage.namespace, labels=f"pod-template-hash={output.template_hash}"
    )

    ready = endpoints.ready_pods(stage.cluster, stage.namespace, SERVICE)

    assert ready == {objects.name_of(pod) for pod in old}
    assert len(ready) == 2


def test_a_previous_log_is_the_crashs_or_an_excuse_of_the_kubelet_that_is_known(
    crashed: Failure,
) -> None:
    stage, _, aborted = crashed

    text = stage.cluster.log(stage.namespace, aborted.evidence.pod, NAME, lines=50, previous=True)

    found = logs.lines_of(text)
    assert found == [] or any(MISSING in line for line in found)


@pytest.fixture(scope="module")
def restored(crashed: Failure) -> tuple[Stage, Backup, RestoreOutput]:
    stage, saved, _ = crashed
    return stage, saved, stage.restore(saved)


def test_a_stuck_rollout_is_undone_by_the_stored_objects(
    served: tuple[Stage, DeployOutput], restored: tuple[Stage, Backup, RestoreOutput]
) -> None:
    stage, _, output = restored

    assert [(each.id, each.state) for each in output.actions] == [
        ("stop_new", "success"),
        ("restore", "success"),
        ("verify_pods", "success"),
        ("verify_service", "success"),
        ("clean_up", "success"),
    ]
    assert (output.replicas, output.ready) == (2, 2)
    live = stage.live()
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == served[1].image
    sets = replica_sets.of_deployment(stage.cluster, live)
    assert [versions.template_hash(each) for each in sets] == [served[1].template_hash]


def test_going_back_gives_the_old_version_a_new_revision(
    restored: tuple[Stage, Backup, RestoreOutput],
) -> None:
    stage, _, _ = restored

    assert versions.revision_of(stage.live()) == 3


def test_restoring_twice_finds_it_done(restored: tuple[Stage, Backup, RestoreOutput]) -> None:
    stage, saved, first = restored
    before = stage.live()["metadata"]["resourceVersion"]

    again = stage.restore(saved)

    assert again.restored == f"{first.restored} (was restored already)"
    assert again.actions[0].state == "skipped"
    assert stage.live()["metadata"]["resourceVersion"] == before


def test_the_restored_version_is_verified_apart(
    restored: tuple[Stage, Backup, RestoreOutput],
) -> None:
    stage, saved, _ = restored

    found = restore.verify(stage.cluster, saved, say=silent)

    assert (found.replicas, found.ready, found.endpoints) == (2, 2, 2)


@pytest.fixture(scope="module")
def replaced(restored: tuple[Stage, Backup, RestoreOutput]) -> tuple[Stage, Backup, DeployOutput]:
    """Version 2 in the place of version 1, without a conflict after the rollback."""
    stage, _, _ = restored
    saved = stage.backup(stage.images.good("2"))
    return stage, saved, stage.deploy(stage.images.good("2"))


def test_a_version_that_was_replaced_comes_back_after_strangers_changed_the_new_one(
    replaced: tuple[Stage, Backup, DeployOutput],
    apps: kube.AppsV1Api,
    served: tuple[Stage, DeployOutput],
) -> None:
    stage, saved, new = replaced
    strange = {"name": NAME, "env": [{"name": "STRANGE", "value": "1"}]}
    body = {"spec": {"template": {"spec": {"containers": [strange]}}}}
    apps.patch_namespaced_deployment(
        NAME, stage.namespace, body, field_manager="kubectl", _request_timeout=30
    )

    output = stage.restore(saved)

    assert new.revision == 4
    assert (output.replicas, output.ready) == (2, 2)
    live = stage.live()
    variables = live["spec"]["template"]["spec"]["containers"][0]["env"]
    assert "STRANGE" not in [each["name"] for each in variables]
    current = versions.current(live, replica_sets.of_deployment(stage.cluster, live))
    assert current is not None
    assert versions.template_hash(current) == served[1].template_hash


def test_the_next_deploy_after_that_is_no_conflict(
    replaced: tuple[Stage, Backup, DeployOutput],
) -> None:
    stage, _, _ = replaced

    answer = stage.cluster.apply(stage.render(stage.images.good("2"))[-1], dry_run=True)

    assert answer["metadata"]["name"] == NAME


def test_a_first_version_that_fails_is_scaled_to_nothing(
    side_stories: dict[str, Future[Failure]],
) -> None:
    stage, saved, aborted = side_stories["first"].result(120)

    output = stage.restore(saved)

    assert "ended 3 times" in aborted.evidence.reason
    assert output.restored == "first deploy: nothing to go back to; scaled to 0 replicas"
    assert (output.replicas, output.ready) == (0, 0)
    assert stage.live()["spec"]["replicas"] == 0
    left = stage.cluster.list("Pod", stage.namespace, labels=SELECTOR)
    assert all(objects.is_leaving(pod) for pod in left)


def test_an_image_that_nobody_brings_aborts_the_rollout_after_a_grace(
    side_stories: dict[str, Future[Failure]],
) -> None:
    stage, _, aborted = side_stories["absent"].result(120)
    evidence = aborted.evidence

    assert evidence.reason.startswith(("ErrImagePull", "ImagePullBackOff"))
    assert "not found" in evidence.reason
    assert evidence.log == ()
    with pytest.raises(StepFailed, match="pull"):
        stage.cluster.log(stage.namespace, evidence.pod, NAME, lines=10)


def test_a_rollout_without_progress_ends_at_its_deadline(
    side_stories: dict[str, Future[Failure]],
) -> None:
    _, _, aborted = side_stories["deadline"].result(120)

    assert "has timed out progressing" in aborted.evidence.reason
    assert aborted.evidence.container == NAME
