"""A backup holds what the old version needs to live, and brings it back from nothing."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.capabilities.kubernetes.restore_release import RestoreRelease
from opsbot.integrations.kubernetes import (
    apply_deployment,
    backup,
    objects,
    preview,
    restore,
    restore_release,
    spec_proof,
)
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import until
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.progress import silent
from tests.contract.kubernetes.stage import NAME, SERVICE, Stage

TIMEOUT = {"_request_timeout": 30}
PASSWORD = "correct-horse-battery"
SECRET, PULL, SETTINGS, FEATURES = "database", "pull", "settings", "features"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def secret(stage: Stage, name: str, **entries: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": stage.namespace},
        "data": {key: encoded(each) for key, each in entries.items()},
    }


def config_map(stage: Stage, name: str, **entries: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": stage.namespace},
        "data": entries,
    }


def needy(manifests: tuple[Json, ...]) -> tuple[Json, ...]:
    """Let the pods refer to Secrets and ConfigMaps, in three of the ways there are."""
    return tuple(_needy(each) if each["kind"] == "Deployment" else each for each in manifests)


def _needy(deployment: Json) -> Json:
    template = deployment["spec"]["template"]
    container = template["spec"]["containers"][0]
    password = {"secretKeyRef": {"name": SECRET, "key": "password"}}
    sources = [{"secret": {"name": PULL, "optional": True}}, {"configMap": {"name": FEATURES}}]
    pod = {
        **template["spec"],
        "containers": [
            {
                **container,
                "env": [*container["env"], {"name": "DB_PASSWORD", "valueFrom": password}],
                "envFrom": [{"configMapRef": {"name": SETTINGS}}],
                "volumeMounts": [{"name": "features", "mountPath": "/features"}],
            }
        ],
        "volumes": [{"name": "features", "projected": {"sources": sources}}],
    }
    spec = {**deployment["spec"], "template": {**template, "spec": pod}}
    return {**deployment, "spec": spec}


def create(stage: Stage, core: kube.CoreV1Api) -> None:
    """Make the objects that others keep, as others make them."""
    for name, entries in ((SECRET, {"password": PASSWORD}), (PULL, {"token": "pull-token"})):
        core.create_namespaced_secret(stage.namespace, secret(stage, name, **entries), **TIMEOUT)
    features = config_map(stage, FEATURES, dark="on")
    core.create_namespaced_config_map(stage.namespace, features, **TIMEOUT)


def release_of(stage: Stage, **settings: str) -> tuple[Json, ...]:
    """Return version 1 with a ConfigMap of its own."""
    own = config_map(stage, SETTINGS, **settings)
    return (own, *needy(stage.render(stage.images.good("1"))))


def deploy(stage: Stage, manifests: tuple[Json, ...]) -> DeployOutput:
    return apply_deployment.run(stage.cluster, stage.params(), manifests, say=stage.said.append)


def save(stage: Stage, manifests: tuple[Json, ...]) -> Backup:
    wanted = Wanted(manifests=manifests)
    return backup.take(stage.cluster, stage.namespace, wanted, stage.said.append)


def planned(stage: Stage, saved: Backup) -> Wanted:
    return restore_release.plan(stage.cluster, restoring(stage), {}, saved)


def restoring(stage: Stage) -> RestoreRelease:
    return RestoreRelease(
        deployment_name=NAME,
        namespace=stage.namespace,
        container=NAME,
        rollout_deadline=60,
        backup="kept elsewhere",
    )


def set_password(stage: Stage, core: kube.CoreV1Api, password: str) -> None:
    body = {"data": {"password": encoded(password)}}
    core.patch_namespaced_secret(SECRET, stage.namespace, body, **TIMEOUT)


def delete_everything(stage: Stage, apps: kube.AppsV1Api, core: kube.CoreV1Api) -> None:
    where = stage.namespace
    apps.delete_namespaced_deployment(NAME, where, **TIMEOUT)
    core.delete_namespaced_service(SERVICE, where, **TIMEOUT)
    for name in (SETTINGS, FEATURES):
        core.delete_namespaced_config_map(name, where, **TIMEOUT)
    for name in (SECRET, PULL):
        core.delete_namespaced_secret(name, where, **TIMEOUT)

    def gone() -> tuple[bool | None, str]:
        left = stage.cluster.find("Deployment", where, NAME) or stage.cluster.list(
            "Pod", where, labels=f"app={NAME}"
        )
        return (None if left else True), "waiting"

    assert until(gone, seconds=60, say=silent)[0]


@pytest.fixture(scope="module")
def saved(
    new_stage: Callable[[str], Stage], core: kube.CoreV1Api
) -> tuple[Stage, Backup, DeployOutput]:
    """A version whose pods need Secrets and ConfigMaps, rolled out and saved."""
    stage = new_stage("needs")
    create(stage, core)
    manifests = release_of(stage, LEVEL="info")
    deployed = deploy(stage, manifests)
    return stage, save(stage, manifests), deployed


def titles(items: tuple[Json, ...]) -> list[str]:
    return [objects.title(each) for each in items]


def test_a_backup_holds_the_release_and_what_its_pods_refer_to(
    saved: tuple[Stage, Backup, DeployOutput],
) -> None:
    _, found, _ = saved

    assert titles(found.objects) == [
        f"ConfigMap '{SETTINGS}'", f"Service '{SERVICE}'", f"Deployment '{NAME}'"
    ]  # fmt: skip
    assert titles(found.needed) == [
        f"Secret '{SECRET}'", f"Secret '{PULL}'", f"ConfigMap '{FEATURES}'"
    ]  # fmt: skip
    assert found.needed[0]["data"] == {"password": encoded(PASSWORD)}
    assert set(found.hashes) == {*titles(found.objects), *titles(found.needed)}


def test_nothing_of_a_saved_secret_is_said(saved: tuple[Stage, Backup, DeployOutput]) -> None:
    stage, found, _ = saved

    spoken = " ".join(stage.said) + repr(found)

    assert PASSWORD not in spoken
    assert encoded(PASSWORD) not in spoken


def test_a_reference_to_what_is_not_there_is_left_out(quiet: Stage) -> None:
    manifest = needy(quiet.render(quiet.images.absent(), replicas=1))[-1]
    manifest["metadata"]["name"] = "lacking"
    idle = {**manifest, "spec": {**manifest["spec"], "replicas": 0}}
    quiet.cluster.apply(idle)

    def taken() -> tuple[Backup | None, str]:
        live = quiet.live(name="lacking")
        ready = live.get("status", {}).get("observedGeneration")
        return (save(quiet, (idle,)) if ready else None), "waiting"

    found, _ = until(taken, seconds=20, say=silent)

    assert found is not None
    assert found.needed == ()


def test_a_release_that_was_deleted_comes_back_with_equal_hashes(
    saved: tuple[Stage, Backup, DeployOutput], apps: kube.AppsV1Api, core: kube.CoreV1Api
) -> None:
    stage, found, deployed = saved
    delete_everything(stage, apps, core)
    before = spec_proof.compare(stage.cluster, found.everything)
    wanted = planned(stage, found)
    seen = preview.take(stage.cluster, stage.namespace, wanted)

    output = restore_release.run(
        stage.cluster, restoring(stage), backup=found, say=stage.said.append
    )

    assert {each.differences for each in before} == {("it is not there",)}
    assert seen.text.count("will be created") == 6
    assert encoded(PASSWORD) not in seen.text
    assert (output.image, output.ready) == (deployed.image, 2)
    assert output.template_hash == deployed.template_hash
    assert sorted(each.object for each in output.objects) == sorted(found.hashes)
    assert [each for each in output.objects if not each.equal] == []
    assert {each.object: each.sha256 for each in output.objects} == {
        title: "" if title.startswith("Secret") else sha256
        for title, sha256 in found.hashes.items()
    }
    assert objects.spec_sha256(stage.live("Secret", SECRET)) == found.hashes[f"Secret '{SECRET}'"]


def test_a_rollback_takes_back_what_the_release_changed_and_nothing_else(
    saved: tuple[Stage, Backup, DeployOutput], core: kube.CoreV1Api
) -> None:
    stage, _, _ = saved
    manifests = release_of(stage, LEVEL="debug")
    before = save(stage, manifests)
    deploy(stage, manifests)
    set_password(stage, core, "changed-meanwhile")
    core.delete_namespaced_config_map(FEATURES, stage.namespace, **TIMEOUT)

    output = stage.restore(before)
    verified = restore.verify(stage.cluster, before, say=silent)

    assert (output.replicas, output.ready) == (2, 2)
    assert stage.live("ConfigMap", SETTINGS)["data"] == {"LEVEL": "info"}
    assert stage.live("ConfigMap", FEATURES)["data"] == {"dark": "on"}
    assert stage.live("Secret", SECRET)["data"] == {"password": encoded("changed-meanwhile")}
    differing = {each.object: each.differences for each in verified.objects if not each.equal}
    assert differing == {f"Secret '{SECRET}'": ("data.password",)}


def test_a_restore_leaves_a_password_that_others_changed_and_says_so(
    saved: tuple[Stage, Backup, DeployOutput], core: kube.CoreV1Api
) -> None:
    stage, found, _ = saved
    applied = secret(stage, SECRET, password=PASSWORD)
    core.delete_namespaced_secret(SECRET, stage.namespace, **TIMEOUT)
    core.create_namespaced_secret(stage.namespace, applied, **TIMEOUT)
    set_password(stage, core, "changed-since")

    wanted = planned(stage, found)
    seen = preview.take(stage.cluster, stage.namespace, wanted)

    words = f"Secret '{SECRET}' differs from the backup and is left as it is: data.password"
    assert wanted.left == (words,)
    assert words in seen.text
    assert f"Secret '{SECRET}'" not in titles(wanted.manifests)


def test_what_strangers_added_to_a_service_and_a_config_map_is_removed(
    saved: tuple[Stage, Backup, DeployOutput], core: kube.CoreV1Api
) -> None:
    stage, _, _ = saved
    manifests = release_of(stage, LEVEL="info")
    before = save(stage, manifests)
    selector: Any = {"spec": {"selector": {"stranger": "1"}}}
    strange = {"field_manager": "kubectl-edit", **TIMEOUT}
    core.patch_namespaced_service(SERVICE, stage.namespace, selector, **strange)
    entries: Any = {"data": {"STRANGE": "1"}}
    core.patch_namespaced_config_map(SETTINGS, stage.namespace, entries, **strange)

    stage.restore(before)

    assert stage.live("Service", SERVICE)["spec"]["selector"] == {"app": NAME}
    assert stage.live("ConfigMap", SETTINGS)["data"] == {"LEVEL": "info"}
    proofs = spec_proof.compare(stage.cluster, before.objects)
    assert [each for each in proofs if not each.equal] == []
