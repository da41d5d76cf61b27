"""Server-side apply: who owns what, and what the server says when owners disagree."""

import copy
from typing import Any

from tests.sandbox_kubernetes.stage import APPLY, JSON_PATCH, MERGE, STRATEGIC, Stage, deployment

Json = dict[str, Any]


def with_env(*names: str, **container: Any) -> Json:
    return deployment(env=[{"name": name, "value": name.lower()} for name in names], **container)


def env(answer: Json) -> list[str]:
    return [each["name"] for each in container(answer)["env"]]


def container(answer: Json) -> Json:
    found: Json = answer["spec"]["template"]["spec"]["containers"][0]
    return found


def owner(answer: Json, name: str) -> Json:
    return next(e for e in answer["metadata"]["managedFields"] if e["manager"] == name)


def set_image(stage: Stage, image: str) -> Json:
    change = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}}
    return stage.call("PATCH", "deployments/web", change, STRATEGIC, fieldManager="kubectl-set")


def test_an_applied_object_has_the_servers_defaults_and_its_owner(stage: Stage) -> None:
    answer = stage.apply(with_env("A", ports=[{"containerPort": 8080}]))

    assert answer["spec"]["progressDeadlineSeconds"] == 600
    assert container(answer)["terminationMessagePath"] == "/dev/termination-log"
    owned = owner(answer, "opsbot")["fieldsV1"]["f:spec"]["f:template"]["f:spec"]["f:containers"]
    assert owned['k:{"name":"app"}']["f:env"] == {
        'k:{"name":"A"}': {".": {}, "f:name": {}, "f:value": {}}
    }
    key = 'k:{"containerPort":8080,"protocol":"TCP"}'
    assert owned['k:{"name":"app"}']["f:ports"] == {key: {".": {}, "f:containerPort": {}}}


def test_applying_the_same_again_stores_nothing(stage: Stage) -> None:
    stage.apply(with_env("A"))
    stage.wait(lambda: "conditions" in stage.call("GET", "deployments/web")["status"])
    stage.wait(stage.is_rolled_out)
    before = stage.call("GET", "deployments/web")

    answer = stage.apply(with_env("A"))

    assert answer["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


def test_another_owner_of_equal_values_is_recorded(stage: Stage) -> None:
    stage.apply(with_env("A"))
    only = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}

    answer = stage.apply(only | {"spec": {"replicas": 0}}, manager="other")

    assert owner(answer, "other")["fieldsV1"] == {"f:spec": {"f:replicas": {}}}


def test_a_field_that_somebody_else_changed_conflicts_by_name(stage: Stage) -> None:
    stage.apply(with_env("A", image="x/y:1"))
    set_image(stage, "x/y:2")

    status = stage.refusal(lambda: stage.apply(with_env("A", image="x/y:3")))

    field = '.spec.template.spec.containers[name="app"].image'
    assert status["code"] == 409
    assert status["message"] == (
        f'Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: {field}'
    )
    assert status["details"]["causes"] == [
        {
            "reason": "FieldManagerConflict",
            "message": 'conflict with "kubectl-set" using apps/v1',
            "field": field,
        }
    ]


def test_scaling_makes_an_owner_of_its_own(stage: Stage) -> None:
    stage.apply(deployment())
    wanted = {"spec": {"replicas": 1}}
    stage.call("PATCH", "deployments/web/scale", wanted, MERGE, fieldManager="opsbot")

    status = stage.refusal(lambda: stage.apply(deployment()))

    assert (
        'conflict with "opsbot" with subresource "scale" using apps/v1: .spec.replicas'
        in (status["message"])
    )


def test_force_takes_the_field_and_no_conflict_remains(stage: Stage) -> None:
    stage.apply(with_env("A", image="x/y:1"))
    set_image(stage, "x/y:2")
    stage.apply(with_env("A", image="x/y:3"), force="true")

    answer = stage.apply(with_env("A", image="x/y:4"))

    assert container(answer)["image"] == "x/y:4"


def test_a_dropped_field_goes_only_if_nobody_else_owns_it(stage: Stage) -> None:
    stage.apply(with_env("A", "B"))
    shared = with_env("B")
    del shared["spec"]["replicas"]
    stage.apply(shared, manager="other")

    answer = stage.apply(with_env("C"))

    assert env(answer) == ["B", "C"]


def test_what_was_never_ours_stays(stage: Stage) -> None:
    stage.apply(with_env("A", "B"))
    extra = [{"name": "app", "env": [{"name": "X", "value": "x"}]}]
    change = {"spec": {"template": {"spec": {"containers": extra}}}}
    stage.call("PATCH", "deployments/web", change, STRATEGIC, fieldManager="kubectl-set")

    answer = stage.apply(with_env("B"))

    assert env(answer) == ["X", "B"]


def test_dropping_replicas_as_their_only_owner_resets_them(stage: Stage) -> None:
    manifest = deployment()
    stage.apply(manifest)
    silent = copy.deepcopy(manifest)
    del silent["spec"]["replicas"]

    answer = stage.apply(silent)

    assert answer["spec"]["replicas"] == 1


def test_a_dry_run_shows_defaults_and_conflicts_and_stores_nothing(stage: Stage) -> None:
    stage.apply(with_env("A", image="x/y:1"))

    shown = stage.apply(with_env("A", image="x/y:2"), dryRun="All")

    assert container(shown)["imagePullPolicy"] == "IfNotPresent"
    assert shown["metadata"]["generation"] == 2
    assert container(stage.call("GET", "deployments/web"))["image"] == "x/y:1"


def test_a_misspelled_field_is_an_error_of_the_server(stage: Stage) -> None:
    wrong = deployment()
    wrong["spec"]["replica"] = 1

    status = stage.refusal(lambda: stage.apply(wrong))

    assert (status["code"], "reason" in status) == (500, False)
    assert status["message"] == (
        "failed to create typed patch object (/web; apps/v1, Kind=Deployment): "
        ".spec.replica: field not declared in schema"
    )


def test_duplicate_keys_are_named(stage: Stage) -> None:
    status = stage.refusal(lambda: stage.apply(with_env("A", "A")))

    assert status["message"].endswith(
        '.spec.template.spec.containers[name="app"].env: duplicate entries for key [name="A"]'
    )


def test_what_an_apply_needs_and_must_not_have(stage: Stage) -> None:
    owned = deployment()
    owned["metadata"]["managedFields"] = [{"manager": "x"}]

    nobody = stage.refusal(lambda: stage.call("PATCH", "deployments/web", deployment(), APPLY))
    given = stage.refusal(lambda: stage.apply(owned))

    assert "fieldManager: Required value: is required for apply patch" in nobody["message"]
    assert (given["code"], given["message"]) == (400, "metadata.managedFields must be nil")


def test_owners_can_be_edited_but_not_behind_anybodys_back(stage: Stage) -> None:
    stage.apply(with_env("A"))
    found = set_image(stage, "x/y:2")
    metadata = found["metadata"]
    ours = [e for e in metadata["managedFields"] if e["manager"] != "kubectl-set"]
    edit = {"metadata": {"managedFields": ours, "resourceVersion": metadata["resourceVersion"]}}
    stage.wait(stage.is_rolled_out)

    stale = stage.refusal(lambda: stage.call("PATCH", "deployments/web", edit, MERGE))
    edit["metadata"]["resourceVersion"] = stage.call("GET", "deployments/web")["metadata"][
        "resourceVersion"
    ]
    answer = stage.call("PATCH", "deployments/web", edit, MERGE, fieldManager="opsbot")

    assert "the object has been modified" in stale["message"]
    assert "kubectl-set" not in [each["manager"] for each in answer["metadata"]["managedFields"]]


def test_a_failed_test_of_a_json_patch_is_a_422(stage: Stage) -> None:
    stage.apply(deployment())
    patch = [{"op": "test", "path": "/metadata/resourceVersion", "value": "1"}]

    status = stage.refusal(lambda: stage.call("PATCH", "deployments/web", patch, JSON_PATCH))

    assert (status["code"], status["message"]) == (
        422,
        "the server rejected our request due to an error in our request",
    )


def test_quantities_are_spelled_one_way(stage: Stage) -> None:
    limits = {"memory": "1024Mi", "cpu": "1000m"}

    answer = stage.apply(deployment(resources={"limits": limits}))

    assert container(answer)["resources"] == {"limits": {"memory": "1Gi", "cpu": "1"}}


def test_the_selector_cannot_change(stage: Stage) -> None:
    stage.apply(deployment())
    other = deployment()
    other["spec"]["selector"] = {"matchLabels": {"app": "x"}}
    other["spec"]["template"]["metadata"]["labels"] = {"app": "x"}

    status = stage.refusal(lambda: stage.apply(other, force="true"))

    assert status["code"] == 422
    assert "spec.selector" in status["message"]
    assert status["message"].endswith("field is immutable")
