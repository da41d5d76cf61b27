"""A release that somebody saved comes back to the last field, whatever was done to it since."""

from collections.abc import Callable
from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.capabilities.kubernetes.backup_release import BackupRelease
from opsbot.capabilities.kubernetes.restore_release import RestoreRelease
from opsbot.integrations.kubernetes import backup_release, objects, restore_release
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.kubernetes.stage import NAME, SERVICE, Stage

TIMEOUT = {"_request_timeout": 30}


def save(stage: Stage, **changes: Any) -> Backup:
    stated = {"deployment_name": NAME, "namespace": stage.namespace, "service_name": SERVICE}
    params = BackupRelease.model_validate({**stated, **changes})
    return backup_release.run(stage.cluster, params, say=stage.said.append)


def restore(stage: Stage, saved: Backup, **changes: Any) -> DeployOutput:
    stated = {
        "deployment_name": NAME,
        "namespace": stage.namespace,
        "container": NAME,
        "rollout_deadline": 60,
        "backup": "sealed elsewhere",
    }
    params = RestoreRelease.model_validate({**stated, **changes})
    return restore_release.run(stage.cluster, params, backup=saved, say=stage.said.append)


@pytest.fixture(scope="module")
def saved(new_stage: Callable[[str], Stage]) -> tuple[Stage, Backup, DeployOutput]:
    """Version 1, rolled out and saved."""
    stage = new_stage("saved")
    deployed = stage.deploy(stage.images.good("1"))
    return stage, save(stage), deployed


def test_a_backup_holds_deployment_and_service(
    saved: tuple[Stage, Backup, DeployOutput],
) -> None:
    _, backup, deployed = saved

    assert [each["kind"] for each in backup.objects] == ["Deployment", "Service"]
    assert backup.template_hash == deployed.template_hash
    assert deployed.image in backup.target


def test_a_release_comes_back_after_a_deploy_and_strangers(
    saved: tuple[Stage, Backup, DeployOutput], apps: kube.AppsV1Api, core: kube.CoreV1Api
) -> None:
    stage, backup, deployed = saved
    stage.deploy(stage.images.good("2"))
    strange = {"name": NAME, "env": [{"name": "STRANGE", "value": "1"}]}
    body = {"spec": {"template": {"spec": {"containers": [strange]}}}}
    apps.patch_namespaced_deployment(
        NAME, stage.namespace, body, field_manager="kubectl", **TIMEOUT
    )
    core.patch_namespaced_service(
        SERVICE,
        stage.namespace,
        {"spec": {"selector": {"app": "somebody-else"}}},
        field_manager="kubectl",
        **TIMEOUT,
    )

    output = restore(stage, backup)

    assert (output.template_hash, output.image) == (deployed.template_hash, deployed.image)
    assert (output.replicas, output.ready) == (2, 2)
    assert [
        objects.cleaned(stage.live(each["kind"], objects.name_of(each))) for each in backup.objects
    ] == list(backup.objects)


def test_a_backup_of_another_release_is_refused(
    saved: tuple[Stage, Backup, DeployOutput], quiet: Stage
) -> None:
    stage, backup, _ = saved

    with pytest.raises(Refused, match=f"not of '{NAME}' in '{quiet.namespace}'"):
        restore(stage, backup, namespace=quiet.namespace)


def test_a_backup_that_was_altered_is_refused(
    saved: tuple[Stage, Backup, DeployOutput],
) -> None:
    stage, backup, _ = saved
    service = {**backup.objects[1], "spec": {}}
    altered = backup.model_copy(update={"objects": (backup.objects[0], service)})

    with pytest.raises(Refused, match="was altered"):
        restore(stage, altered)


def test_a_backup_from_before_the_first_deploy_is_refused(quiet: Stage) -> None:
    nothing = quiet.backup(quiet.images.absent())

    with pytest.raises(Refused, match="before its first deploy"):
        restore(quiet, nothing)


def test_nothing_is_saved_where_nothing_runs(quiet: Stage) -> None:
    with pytest.raises(StepFailed, match="there is nothing to save"):
        save(quiet)
