"""What a second person changes with kubectl: respected and told, or a conflict with a name."""

import json
import shlex

import pytest
from kubernetes import client as kube

from opsbot.capabilities.kubernetes.restart_deployment import RestartDeployment
from opsbot.capabilities.kubernetes.scale_deployment import ScaleDeployment
from opsbot.integrations.kubernetes import (
    adoption,
    objects,
    owners,
    preview,
    restart_deployment,
    scale_deployment,
    wanted,
)
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.words import Keeper
from tests.contract.kubernetes.manifests import (
    TIMEOUT,
    deployment,
    managers,
    scale,
    set_image,
    with_image,
)
from tests.contract.kubernetes.stage import Stage

THEIRS = "127.0.0.1:9/theirs:7"
IMAGE = '.spec.template.spec.containers[name="app"].image'


def conflict_of(stage: Stage, *manifests: Json) -> str:
    with pytest.raises(StepFailed) as caught:
        preview.take(stage.cluster, stage.namespace, Wanted(manifests=manifests))
    return str(caught.value)


def restarted(stage: Stage, name: str, cause: str) -> Wanted:
    params = RestartDeployment(deployment_name=name, namespace=stage.namespace, container="app")
    plan = restart_deployment.plan(stage.cluster, params, {"opsbot/plan-id": "p1"}, cause)
    preview.take(stage.cluster, stage.namespace, plan)
    stage.cluster.apply(plan.deployment)
    return plan


def test_scaling_by_hand_is_respected_and_told(quiet: Stage, apps: kube.AppsV1Api) -> None:
    quiet.cluster.apply(deployment(quiet, "resized"))
    scale(apps, quiet, "resized", 1)
    next_one = with_image(deployment(quiet, "resized"), "127.0.0.1:9/none:2")

    manifest, left = wanted.leave_replicas(next_one, quiet.live(name="resized"))
    shown = preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=(manifest,), left=left))
    quiet.cluster.apply(manifest)

    assert shown.text.splitlines()[0] == (
        "Deployment 'resized' stays at 1 replicas, though 0 are configured: 'kubectl' (through "
        "scale) decided the number. Name a number in the command if it should be another."
    )
    assert "stays with 'kubectl' (through scale): .spec.replicas" in shown.text
    assert quiet.live(name="resized")["spec"]["replicas"] == 1


@pytest.mark.parametrize("then", [0, 2])
def test_scaling_to_zero_leaves_no_owner_and_is_respected_all_the_same(
    quiet: Stage, apps: kube.AppsV1Api, then: int
) -> None:
    name = f"zeroed-{then}"
    quiet.cluster.apply(deployment(quiet, name, replicas=1))
    scale(apps, quiet, name, 0)
    scale(apps, quiet, name, then)
    live = quiet.live(name=name)
    assert not any(owners.REPLICAS in fields for fields in managers(quiet, name).values())

    manifest, left = wanted.leave_replicas(deployment(quiet, name, replicas=1), live)

    assert f"stays at {then} replicas, though 1 are configured: somebody who scaled" in left[0]
    assert quiet.cluster.apply(manifest)["spec"]["replicas"] == then
    named = deployment(quiet, name, replicas=3)
    quiet.cluster.apply(named)
    assert wanted.leave_replicas(named, quiet.live(name=name)) == (named, ())


def test_a_number_that_the_command_names_is_a_conflict_with_a_way_out(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    quiet.cluster.apply(deployment(quiet, "claimed"))
    scale(apps, quiet, "claimed", 1)
    params = ScaleDeployment(
        deployment_name="claimed", namespace=quiet.namespace, container="app", replicas=2
    )
    plan = scale_deployment.plan(quiet.cluster, params, {})

    words = conflict_of(quiet, *plan.manifests)

    assert ".spec.replicas belongs to 'kubectl' (through scale) (1 -> 2)" in words
    _hand_over(quiet, "claimed", words)
    preview.take(quiet.cluster, quiet.namespace, plan)
    assert quiet.cluster.apply(plan.deployment)["spec"]["replicas"] == 2


def test_an_image_set_by_hand_is_a_conflict_with_its_owner_and_a_way_out(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    quiet.cluster.apply(deployment(quiet, "reimaged"))
    set_image(apps, quiet, "reimaged", THEIRS)
    before = objects.cleaned(quiet.live(name="reimaged"))
    ours = with_image(deployment(quiet, "reimaged"), "127.0.0.1:9/none:2")

    words = conflict_of(quiet, ours)

    assert f"{IMAGE} belongs to 'kubectl-set'" in words
    assert f'("{THEIRS}" -> "127.0.0.1:9/none:2")' in words
    assert "Nothing was changed." in words
    assert objects.cleaned(quiet.live(name="reimaged")) == before
    _hand_over(quiet, "reimaged", words)
    assert objects.cleaned(quiet.live(name="reimaged")) == before
    preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=(ours,)))
    quiet.cluster.apply(ours)


def test_every_object_in_the_way_is_named_at_once(quiet: Stage, apps: kube.AppsV1Api) -> None:
    for name in ("way-one", "way-two"):
        quiet.cluster.apply(deployment(quiet, name))
        set_image(apps, quiet, name, THEIRS)

    words = conflict_of(quiet, deployment(quiet, "way-one"), deployment(quiet, "way-two"))

    assert words.count(f"{IMAGE} belongs to 'kubectl-set'") == 2
    assert words.count("kubectl patch deployment") == 2


def test_the_policy_to_adopt_does_not_reach_beyond_the_first_contact(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    quiet.cluster.apply(deployment(quiet, "later"))
    set_image(apps, quiet, "later", THEIRS)
    every = Wanted(manifests=(deployment(quiet, "later"),), may_adopt=tuple(Keeper))

    with pytest.raises(StepFailed, match="belongs to 'kubectl-set'"):
        preview.take(quiet.cluster, quiet.namespace, every)


def test_a_restart_takes_no_field_of_others(quiet: Stage, apps: kube.AppsV1Api) -> None:
    quiet.cluster.apply(deployment(quiet, "restarted"))
    set_image(apps, quiet, "restarted", THEIRS)
    before = managers(quiet, "restarted")

    restarted(quiet, "restarted", "one")
    plan = restarted(quiet, "restarted", "two")

    live = quiet.live(name="restarted")
    assert live["spec"]["template"]["spec"]["containers"][0]["image"] == THEIRS
    assert managers(quiet, "restarted")["kubectl-set"] == before["kubectl-set"]
    added = managers(quiet, "restarted")["opsbot"] - before["opsbot"]
    assert {path[-1] for path in added} == {"f:opsbot/plan-id", "f:opsbot/restarted-for"}
    assert live["spec"]["template"]["metadata"]["annotations"] == {"opsbot/restarted-for": "two"}
    assert preview.in_place(quiet.cluster, plan)


def test_restarting_what_kubectl_made_is_no_first_contact(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    theirs = with_image(deployment(quiet, "foreign"), THEIRS)
    apps.create_namespaced_deployment(
        quiet.namespace, theirs, field_manager="kubectl-create", **TIMEOUT
    )

    restarted(quiet, "foreign", "one")

    live = quiet.live(name="foreign")
    assert {path[-1] for path in owners.ours(live)} == {
        "f:opsbot/plan-id",
        "f:opsbot/restarted-for",
    }
    assert adoption.is_first_contact(live)
    manifest = deployment(quiet, "foreign")
    asked = Wanted(manifests=(manifest,), may_adopt=(Keeper.KUBECTL,))
    shown = preview.take(quiet.cluster, quiet.namespace, asked)
    adoption.take(quiet.cluster, manifest, shown.adoptions)
    quiet.cluster.apply(manifest)
    assert "opsbot/restarted-for" not in str(quiet.live(name="foreign")["spec"])


def test_a_restart_of_what_argo_cd_keeps_is_refused(quiet: Stage, apps: kube.AppsV1Api) -> None:
    theirs = deployment(quiet, "tracked")
    theirs["metadata"]["annotations"] = {"argocd.argoproj.io/tracking-id": "shop:x"}
    apps.create_namespaced_deployment(
        quiet.namespace, theirs, field_manager="argocd-controller", **TIMEOUT
    )

    with pytest.raises(Refused, match="is kept by Argo CD"):
        restarted(quiet, "tracked", "one")


def _hand_over(stage: Stage, name: str, words: str) -> None:
    """Do what the message tells a person to type."""
    command = next(line for line in words.splitlines() if "kubectl patch" in line)
    program, verb, kind, named, _, namespace, _, patch = shlex.split(command)
    assert [program, verb, kind, named] == ["kubectl", "patch", "deployment", name]
    assert namespace == stage.namespace
    kube.AppsV1Api(stage.cluster.api).patch_namespaced_deployment(
        name,
        stage.namespace,
        json.loads(patch.removeprefix("--patch=")),
        field_manager="kubectl-patch",
        _content_type="application/json-patch+json",
        **TIMEOUT,
    )
