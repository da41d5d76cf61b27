"""What server-side apply, dry runs, conflicts and the API's answers really are."""

import pytest
from kubernetes import client as kube
from kubernetes.watch import Watch

from opsbot.integrations.kubernetes import (
    backup,
    faults,
    objects,
    preview,
    put_back,
    replica_sets,
    rights,
)
from opsbot.integrations.kubernetes.backup import FIRST_DEPLOY
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import until
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.verification import versions
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.kubernetes.manifests import (
    TIMEOUT,
    config_map,
    deployment,
    set_image,
    with_image,
)
from tests.contract.kubernetes.stage import NAME, Stage


def test_an_apply_creates_and_a_second_one_changes_nothing(quiet: Stage) -> None:
    first = quiet.cluster.apply(deployment(quiet, "twice"))
    second = quiet.cluster.apply(deployment(quiet, "twice"))

    assert first["metadata"]["generation"] == second["metadata"]["generation"] == 1
    assert objects.spec_sha256(first) == objects.spec_sha256(second)


def test_a_dry_run_answers_with_the_next_generation_and_stores_nothing(quiet: Stage) -> None:
    before = quiet.cluster.apply(deployment(quiet, "dry"))

    answer = quiet.cluster.apply(deployment(quiet, "dry", replicas=1), dry_run=True)

    assert answer["metadata"]["generation"] == before["metadata"]["generation"] + 1
    assert answer["spec"]["replicas"] == 1
    assert quiet.live(name="dry")["spec"]["replicas"] == 0
    quiet.cluster.apply(deployment(quiet, "dry-only"), dry_run=True)
    assert quiet.cluster.find("Deployment", quiet.namespace, "dry-only") is None


def test_a_field_that_somebody_else_set_is_a_conflict_with_name_and_owner(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    quiet.cluster.apply(deployment(quiet, "images"))
    set_image(apps, quiet, "images", "127.0.0.1:9/none:2")

    with pytest.raises(faults.FieldConflict) as caught:
        quiet.cluster.apply(with_image(deployment(quiet, "images"), "127.0.0.1:9/none:3"))

    assert '.spec.template.spec.containers[name="app"].image' in caught.value.fields
    assert "'kubectl-set'" in caught.value.fields
    image = quiet.live(name="images")["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == "127.0.0.1:9/none:2"


def test_a_dry_run_meets_the_same_conflict(quiet: Stage, apps: kube.AppsV1Api) -> None:
    quiet.cluster.apply(deployment(quiet, "dry-conflict"))
    set_image(apps, quiet, "dry-conflict", "127.0.0.1:9/none:2")

    with pytest.raises(faults.FieldConflict, match="kubectl-set"):
        quiet.cluster.apply(deployment(quiet, "dry-conflict"), dry_run=True)


def test_an_equal_value_is_no_conflict(quiet: Stage, apps: kube.AppsV1Api) -> None:
    quiet.cluster.apply(deployment(quiet, "equal"))
    set_image(apps, quiet, "equal", "127.0.0.1:9/none:2")

    answer = quiet.cluster.apply(with_image(deployment(quiet, "equal"), "127.0.0.1:9/none:2"))

    assert answer["metadata"]["name"] == "equal"


def test_force_takes_the_field(quiet: Stage, apps: kube.AppsV1Api) -> None:
    quiet.cluster.apply(deployment(quiet, "forced"))
    set_image(apps, quiet, "forced", "127.0.0.1:9/none:2")

    answer = quiet.cluster.apply(deployment(quiet, "forced"), force=True)

    container = answer["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "127.0.0.1:9/none:1"
    quiet.cluster.apply(with_image(deployment(quiet, "forced"), "127.0.0.1:9/none:3"))


def test_scaling_by_hand_is_a_conflict_that_names_the_subresource(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    quiet.cluster.apply(deployment(quiet, "scaled"))
    template = quiet.live(name="scaled")
    assert template["spec"]["replicas"] == 0
    apps.patch_namespaced_deployment_scale(
        "scaled", quiet.namespace, {"spec": {"replicas": 1}}, field_manager="kubectl", **TIMEOUT
    )

    with pytest.raises(faults.FieldConflict) as caught:
        quiet.cluster.apply(deployment(quiet, "scaled"))

    assert caught.value.fields == ".spec.replicas belongs to 'kubectl' (through scale)"
    put_back.scale_to_zero(quiet.cluster, quiet.live(name="scaled"))
    assert quiet.live(name="scaled")["spec"]["replicas"] == 0


def test_a_dropped_field_goes_if_it_was_ours_alone(quiet: Stage) -> None:
    quiet.cluster.apply(config_map(quiet, "dropped", a="1", b="2"))

    answer = quiet.cluster.apply(config_map(quiet, "dropped", a="1"))

    assert answer["data"] == {"a": "1"}


def test_what_another_manager_added_survives_our_apply(quiet: Stage, core: kube.CoreV1Api) -> None:
    quiet.cluster.apply(config_map(quiet, "shared", a="1"))
    core.patch_namespaced_config_map(
        "shared", quiet.namespace, {"data": {"b": "2"}}, field_manager="kubectl-edit", **TIMEOUT
    )

    answer = quiet.cluster.apply(config_map(quiet, "shared", a="3"))

    assert answer["data"] == {"a": "3", "b": "2"}


def test_an_empty_map_takes_nothing_away(quiet: Stage, core: kube.CoreV1Api) -> None:
    quiet.cluster.apply(config_map(quiet, "emptied", a="1"))
    core.patch_namespaced_config_map(
        "emptied", quiet.namespace, {"data": {"b": "2"}}, field_manager="kubectl-edit", **TIMEOUT
    )

    answer = quiet.cluster.apply(config_map(quiet, "emptied"))

    assert answer["data"] == {"b": "2"}


def test_an_unknown_field_is_permanent_though_the_server_says_500(quiet: Stage) -> None:
    with pytest.raises(StepFailed) as caught:
        quiet.cluster.apply(deployment(quiet, "unknown", replica=3))

    assert "failed to create typed patch object" in str(caught.value)
    assert ".spec.replica: field not declared in schema" in str(caught.value)
    assert quiet.cluster.find("Deployment", quiet.namespace, "unknown") is None


def test_duplicate_variables_are_permanent_too(quiet: Stage) -> None:
    manifest = deployment(quiet, "duplicate")
    variables = manifest["spec"]["template"]["spec"]["containers"][0]["env"]
    variables.append({"name": "A", "value": "2"})

    with pytest.raises(StepFailed, match="duplicate entries for key"):
        quiet.cluster.apply(manifest)


def test_a_selector_cannot_change(quiet: Stage) -> None:
    quiet.cluster.apply(deployment(quiet, "selector"))
    labels = {"app": "other"}
    changed = deployment(quiet, "selector", selector={"matchLabels": labels})
    changed["spec"]["template"]["metadata"]["labels"] = labels

    with pytest.raises(StepFailed, match=r"field is immutable.*HTTP 422"):
        quiet.cluster.apply(changed)


def test_labels_that_do_not_match_the_selector_are_invalid(quiet: Stage) -> None:
    manifest = deployment(quiet, "labels")
    manifest["spec"]["template"]["metadata"]["labels"] = {"app": "other"}

    with pytest.raises(StepFailed, match=r"does not match template `labels`.*HTTP 422"):
        quiet.cluster.apply(manifest)


def test_an_object_in_a_namespace_that_is_not_there_says_so(quiet: Stage) -> None:
    manifest = deployment(quiet, "nowhere")
    manifest["metadata"]["namespace"] = "contract-nowhere"

    with pytest.raises(faults.Missing, match='namespaces "contract-nowhere" not found'):
        quiet.cluster.apply(manifest)


def test_a_list_in_a_namespace_that_is_not_there_is_empty(cluster: Cluster) -> None:
    assert cluster.list("Pod", "contract-nowhere") == ()
    assert cluster.list("EndpointSlice", "contract-nowhere") == ()


def test_an_object_that_is_not_there_is_none(quiet: Stage) -> None:
    assert quiet.cluster.find("Deployment", quiet.namespace, "absent") is None
    with pytest.raises(faults.Missing, match='pods "absent" not found'):
        quiet.cluster.log(quiet.namespace, "absent", "app", lines=1)


def test_a_stale_version_is_a_race_and_no_field_conflict(quiet: Stage) -> None:
    quiet.cluster.apply(config_map(quiet, "stale", a="1"))
    version = quiet.live("ConfigMap", "stale")["metadata"]["resourceVersion"]
    quiet.cluster.apply(config_map(quiet, "stale", a="2"))

    with pytest.raises(faults.Changed, match="the object has been modified"):
        quiet.cluster.merge(
            "ConfigMap", quiet.namespace, "stale", {"metadata": {"resourceVersion": version}}
        )


def test_managed_fields_in_an_apply_are_refused(quiet: Stage) -> None:
    manifest = config_map(quiet, "managed", a="1")
    manifest["metadata"]["managedFields"] = [{"manager": "x", "operation": "Apply"}]

    with pytest.raises(StepFailed, match=r"metadata.managedFields must be nil.*HTTP 400"):
        quiet.cluster.apply(manifest)


def test_going_back_to_a_template_reuses_its_replica_set(quiet: Stage) -> None:
    one, two = (
        deployment(quiet, "back"),
        with_image(deployment(quiet, "back"), "127.0.0.1:9/none:2"),
    )
    quiet.cluster.apply(one)
    first = _current(quiet, "back")
    quiet.cluster.apply(two)
    _current(quiet, "back", other_than=first)

    quiet.cluster.apply(one)

    again = _current(quiet, "back", revision=3)
    assert objects.name_of(again) == objects.name_of(first)


def test_a_watch_from_a_version_shows_only_what_came_later(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    quiet.cluster.apply(deployment(quiet, "watched"))
    listed = apps.list_namespaced_deployment(quiet.namespace, **TIMEOUT)
    quiet.cluster.apply(config_map(quiet, "unwatched", a="1"))
    quiet.cluster.apply(deployment(quiet, "watched-later"))

    seen = Watch().stream(
        apps.list_namespaced_deployment,
        quiet.namespace,
        resource_version=listed.metadata.resource_version,
        timeout_seconds=5,
        _request_timeout=20,
    )
    added = next(e["object"].metadata.name for e in seen if e["type"] == "ADDED")

    assert added == "watched-later"


def test_a_preview_tells_what_would_change_and_is_stable(quiet: Stage) -> None:
    manifests = (deployment(quiet, "previewed"),)
    first = preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=manifests))
    quiet.cluster.apply(manifests[0])
    changed = (with_image(manifests[0], "127.0.0.1:9/none:2"),)

    second = preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=changed))
    third = preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=changed))

    assert (first.first_deploy, first.live_sha256) == (True, "absent")
    assert "Deployment 'previewed'" in first.text
    assert "will be created" in first.text
    assert not second.first_deploy
    assert (
        '~ spec.template.spec.containers[app].image: "127.0.0.1:9/none:1" -> "127.0.0.1:9/none:2"'
        in second.text
    )
    assert second == third
    assert second.change_sha256 != first.change_sha256


def test_a_preview_of_nothing_new_says_so(quiet: Stage) -> None:
    manifests = (deployment(quiet, "same"),)
    quiet.cluster.apply(manifests[0])

    seen = preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=manifests))

    assert "no change" in seen.text


def test_a_paused_deployment_is_not_deployed_to(quiet: Stage, apps: kube.AppsV1Api) -> None:
    manifests = (deployment(quiet, "paused"),)
    quiet.cluster.apply(manifests[0])
    apps.patch_namespaced_deployment(
        "paused", quiet.namespace, {"spec": {"paused": True}}, field_manager="kubectl", **TIMEOUT
    )

    with pytest.raises(StepFailed, match="is paused"):
        preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=manifests))


def test_a_backup_holds_what_can_be_applied_again(quiet: Stage) -> None:
    manifests = (config_map(quiet, "kept", a="1"), deployment(quiet, "kept"))
    nothing = backup.take(quiet.cluster, quiet.namespace, Wanted(manifests=manifests), silent)
    for each in manifests:
        quiet.cluster.apply(each)
    current = _current(quiet, "kept")

    saved = backup.take(quiet.cluster, quiet.namespace, Wanted(manifests=manifests), silent)

    assert (nothing.target, nothing.first_deploy, nothing.objects) == (FIRST_DEPLOY, True, ())
    assert [each["kind"] for each in saved.objects] == ["ConfigMap", "Deployment"]
    assert saved.template_hash == versions.template_hash(current)
    assert objects.name_of(current) in saved.target
    assert "127.0.0.1:9/none:1" in saved.target
    quiet.cluster.apply(config_map(quiet, "kept", a="2"))
    assert put_back.put_back(quiet.cluster, saved.objects[0], silent)
    assert quiet.live("ConfigMap", "kept")["data"] == {"a": "1"}
    assert not put_back.put_back(quiet.cluster, saved.objects[0], silent)


def test_what_strangers_left_in_a_template_is_removed_on_the_way_back(
    quiet: Stage, apps: kube.AppsV1Api
) -> None:
    manifest = deployment(quiet, "strange")
    quiet.cluster.apply(manifest)
    saved = objects.cleaned(quiet.live(name="strange"))
    strange = [{"name": "app", "env": [{"name": "STRANGE", "value": "1"}]}]
    body = {"spec": {"template": {"spec": {"containers": strange}}}}
    apps.patch_namespaced_deployment(
        "strange", quiet.namespace, body, field_manager="kubectl", **TIMEOUT
    )

    changed = put_back.put_back(quiet.cluster, saved, silent)

    assert changed
    assert versions.template_sha256(quiet.live(name="strange")) == versions.template_sha256(saved)
    quiet.cluster.apply(with_image(manifest, "127.0.0.1:9/none:9"))


def test_the_replicas_that_somebody_else_decides_stay(quiet: Stage, apps: kube.AppsV1Api) -> None:
    quiet.cluster.apply(deployment(quiet, "autoscaled"))
    saved = objects.cleaned(quiet.live(name="autoscaled"))
    set_image(apps, quiet, "autoscaled", "127.0.0.1:9/none:2")
    apps.patch_namespaced_deployment_scale(
        "autoscaled", quiet.namespace, {"spec": {"replicas": 1}}, field_manager="hpa", **TIMEOUT
    )

    put_back.put_back(quiet.cluster, saved, silent)

    live = quiet.live(name="autoscaled")
    assert live["spec"]["replicas"] == 1
    assert versions.template_sha256(live) == versions.template_sha256(saved)


def test_an_administrator_lacks_no_right(cluster: Cluster, quiet: Stage) -> None:
    asked = rights.needed(Wanted(manifests=(deployment(quiet, "any"),)))
    assert rights.missing(cluster, quiet.namespace, asked) == ()


def test_the_shipped_manifests_are_accepted(quiet: Stage) -> None:
    manifests = quiet.render(f"127.0.0.1:9/none@sha256:{'0' * 64}")

    seen = preview.take(quiet.cluster, quiet.namespace, Wanted(manifests=manifests))

    assert seen.first_deploy
    assert f"Deployment '{NAME}' in '{quiet.namespace}': will be created" in seen.text


def _current(stage: Stage, name: str, *, other_than: Json | None = None, revision: int = 1) -> Json:
    """Return the ReplicaSet of the present template, once the controller has made it."""

    def look() -> tuple[Json | None, str]:
        live = stage.live(name=name)
        found = versions.current(live, replica_sets.of_deployment(stage.cluster, live))
        new = found and objects.name_of(found) != (
            objects.name_of(other_than) if other_than else ""
        )
        there = found is not None and new and versions.revision_of(live) >= revision
        return (found if there else None), "waiting"

    found, _ = until(look, seconds=20, say=silent)
    assert found is not None
    return found
