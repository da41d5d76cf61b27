"""Objects that others made: what a first deploy takes from them, and what it leaves alone."""

from typing import Any

import pytest
from kubernetes import client as kube

from opsbot.integrations.kubernetes import adoption, objects, owners, preview, wanted
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.preview import Preview
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.words import Keeper
from tests.contract.kubernetes.manifests import (
    TIMEOUT,
    config_map,
    deployment,
    managers,
    scale,
    set_image,
    with_image,
)
from tests.contract.kubernetes.stage import Stage

KUBECTL = "kubectl-client-side-apply"
CONTAINER = ("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"app"}')
THEIRS = "127.0.0.1:9/theirs:7"


def created(apps: kube.AppsV1Api, stage: Stage, name: str, manager: str = KUBECTL) -> Json:
    """Make a Deployment as `kubectl apply` does, with a variable that no manifest of ours has."""
    manifest = with_image(deployment(stage, name), THEIRS)
    variables = manifest["spec"]["template"]["spec"]["containers"][0]["env"]
    variables.append({"name": "THEIRS", "value": "stays"})
    apps.create_namespaced_deployment(stage.namespace, manifest, field_manager=manager, **TIMEOUT)
    return deployment(stage, name)


def seen(stage: Stage, *manifests: Json, may: tuple[Keeper, ...] = (Keeper.KUBECTL,)) -> Preview:
    return preview.take(stage.cluster, stage.namespace, Wanted(manifests=manifests, may_adopt=may))


def deploy(stage: Stage, manifest: Json, approved: Preview) -> None:
    """Do what the deploy does before it watches."""
    adoption.take(stage.cluster, manifest, approved.adoptions)
    stage.cluster.apply(manifest)


def test_a_preview_lists_what_is_taken_and_from_whom(quiet: Stage, apps: kube.AppsV1Api) -> None:
    manifest = created(apps, quiet, "listed")

    shown = seen(quiet, manifest)

    image = '.spec.template.spec.containers[name="app"].image'
    (taken,) = shown.adoptions
    assert [(each.field, each.owner) for each in taken.changed] == [(image, f"'{KUBECTL}'")]
    assert ".spec.replicas" in {each.field for each in taken.kept}
    assert {each.owner for each in taken.kept} == {f"'{KUBECTL}'"}
    assert f"first contact: made by '{KUBECTL}', never deployed by OPS Bot" in shown.text
    assert f"taken over from '{KUBECTL}': {image}" in shown.text
    assert f"taken over from '{KUBECTL}' with the value it has:" in shown.text
    assert f"stays with '{KUBECTL}':" in shown.text
    assert f'~ spec.template.spec.containers[app].image: "{THEIRS}" -> ' in shown.text
    assert shown == seen(quiet, manifest)


def test_a_deploy_takes_exactly_that_and_the_next_one_meets_no_conflict(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    manifest = created(apps, quiet, "taken")
    shown = seen(quiet, manifest)
    before = managers(quiet, "taken")[KUBECTL]
    generation = quiet.live(name="taken")["metadata"]["generation"]

    deploy(quiet, manifest, shown)

    live = quiet.live(name="taken")
    stated = owners.ours(live)
    assert live["metadata"]["generation"] == generation + 1
    assert managers(quiet, "taken")[KUBECTL] == before - stated
    assert (*CONTAINER, "f:image") in stated
    variables = live["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "THEIRS", "value": "stays"} in variables
    later = with_image(deployment(quiet, "taken", replicas=1), "127.0.0.1:9/none:2")
    again = seen(quiet, later, may=())
    assert again.adoptions == ()
    assert quiet.cluster.apply(later)["spec"]["replicas"] == 1


def test_taking_over_changes_no_value(quiet: Stage, apps: kube.AppsV1Api) -> None:
    manifest = created(apps, quiet, "unchanged")
    before = quiet.live(name="unchanged")

    adoption.take(quiet.cluster, manifest, seen(quiet, manifest).adoptions)

    after = quiet.live(name="unchanged")
    assert after["metadata"]["generation"] == before["metadata"]["generation"]
    assert objects.cleaned(after) == objects.cleaned(before)
    adoption.take(quiet.cluster, manifest, seen(quiet, manifest, may=()).adoptions)


def test_another_owner_than_the_approved_one_is_refused_and_nothing_changes(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    manifest = created(apps, quiet, "moved")
    shown = seen(quiet, manifest)
    set_image(apps, quiet, "moved", "127.0.0.1:9/none:8")
    before = quiet.live(name="moved")

    with pytest.raises(Refused, match="not what was approved any more"):
        deploy(quiet, manifest, shown)

    after = quiet.live(name="moved")
    assert objects.cleaned(after) == objects.cleaned(before)
    assert managers(quiet, "moved").keys() == {KUBECTL, "kubectl-set"}
    assert seen(quiet, manifest).change_sha256 != shown.change_sha256


def test_where_nobody_agrees_nothing_is_taken_over(quiet: Stage, apps: kube.AppsV1Api) -> None:
    manifest = created(apps, quiet, "unasked")

    with pytest.raises(Refused) as caught:
        seen(quiet, manifest, may=())

    assert f"was made by '{KUBECTL}' and never deployed by OPS Bot" in str(caught.value)
    assert f"containers[name=\"app\"].image belongs to '{KUBECTL}'" in str(caught.value)
    assert "add 'kubectl' to `adopt_from`" in str(caught.value)


def test_an_object_without_any_recorded_owner_can_be_taken_over(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    manifest = created(apps, quiet, "unrecorded")
    nobody: Json = {"metadata": {"managedFields": [{}]}}
    quiet.cluster.merge("Deployment", quiet.namespace, "unrecorded", nobody)

    deploy(quiet, manifest, seen(quiet, manifest))

    later = with_image(deployment(quiet, "unrecorded", replicas=1), "127.0.0.1:9/none:2")
    assert quiet.cluster.apply(later)["spec"]["replicas"] == 1


def test_a_config_map_of_kubectl_is_taken_over_too(quiet: Stage, core: kube.CoreV1Api) -> None:
    manifest = config_map(quiet, "settings", a="ours", b="same")
    theirs = config_map(quiet, "settings", a="theirs", b="same", c="extra")
    core.create_namespaced_config_map(
        quiet.namespace, theirs, field_manager="kubectl-create", **TIMEOUT
    )
    shown = seen(quiet, manifest, deployment(quiet, "settings"))

    deploy(quiet, manifest, shown)

    assert [each.field for each in shown.adoptions[0].changed] == [".data.a"]
    live = quiet.live("ConfigMap", "settings")
    assert live["data"] == {"a": "ours", "b": "same", "c": "extra"}
    quiet.cluster.apply(config_map(quiet, "settings", a="later", b="later"))


def test_replicas_that_somebody_scaled_stay_at_the_first_contact(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    created(apps, quiet, "scaled-before")
    scale(apps, quiet, "scaled-before", 1)
    manifest, left = wanted.leave_replicas(
        deployment(quiet, "scaled-before"), quiet.live(name="scaled-before")
    )

    deploy(quiet, manifest, seen(quiet, manifest))

    assert "stays at 1 replicas, though 0 are configured: 'kubectl' (through scale)" in left[0]
    assert quiet.live(name="scaled-before")["spec"]["replicas"] == 1
    assert managers(quiet, "scaled-before")["kubectl"] == {owners.REPLICAS}


def test_replicas_of_the_first_manifest_are_taken_over(quiet: Stage, apps: kube.AppsV1Api) -> None:
    created(apps, quiet, "counted")

    manifest, left = wanted.leave_replicas(
        deployment(quiet, "counted", replicas=1), quiet.live(name="counted")
    )

    assert left == ()
    deploy(quiet, manifest, seen(quiet, manifest))
    assert quiet.live(name="counted")["spec"]["replicas"] == 1


KEPT: dict[str, tuple[Keeper, dict[str, Any], str]] = {
    "helm": (
        Keeper.HELM,
        {
            "labels": {"app.kubernetes.io/managed-by": "Helm"},
            "annotations": {"meta.helm.sh/release-name": "shop"},
        },
        "helm",
    ),
    "argocd": (
        Keeper.ARGOCD,
        {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:n/kept-argocd"}},
        "argocd-controller",
    ),
    "argocd-client": (
        Keeper.ARGOCD,
        {"labels": {"app.kubernetes.io/instance": "shop"}},
        "argocd-application-controller",
    ),
    "flux": (
        Keeper.FLUX,
        {"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}},
        "kustomize-controller",
    ),
}


@pytest.mark.parametrize("mark", KEPT)
def test_what_a_program_keeps_is_refused_unless_the_policy_names_it(
    quiet: Stage, apps: kube.AppsV1Api, mark: str
) -> None:
    keeper, metadata, manager = KEPT[mark]
    name = f"kept-{mark}"
    theirs = deployment(quiet, name)
    theirs["metadata"] |= {**metadata, "labels": {"app": name, **metadata.get("labels", {})}}
    apps.create_namespaced_deployment(quiet.namespace, theirs, field_manager=manager, **TIMEOUT)
    manifest = with_image(deployment(quiet, name), "127.0.0.1:9/none:2")

    with pytest.raises(Refused) as caught:
        seen(quiet, manifest)

    assert f"is kept by {keeper.label} (" in str(caught.value)
    assert f"add '{keeper.value}' to `adopt_from`" in str(caught.value)
    allowed = (Keeper.KUBECTL, keeper)
    deploy(quiet, manifest, seen(quiet, manifest, may=allowed))
    assert seen(quiet, manifest, may=allowed).adoptions == ()


def test_what_an_apply_of_another_manager_owns_is_taken_over_too(quiet: Stage) -> None:
    manifest = deployment(quiet, "server-side")
    theirs = with_image(manifest, THEIRS)
    kube.AppsV1Api(quiet.cluster.api).patch_namespaced_deployment(
        "server-side",
        quiet.namespace,
        theirs,
        field_manager="kubectl",
        _content_type="application/apply-patch+yaml",
        **TIMEOUT,
    )

    deploy(quiet, manifest, seen(quiet, manifest))

    assert managers(quiet, "server-side").keys() == {"opsbot"}
    quiet.cluster.apply(deployment(quiet, "server-side", replicas=1))
