from typing import Any

from opsbot.integrations.kubernetes import ownership

OURS = {
    "manager": "opsbot",
    "operation": "Apply",
    "fieldsV1": {"f:spec": {"f:template": {"f:spec": {"a": {}}}}},
}
STATUS = {
    "manager": "kube-controller-manager",
    "operation": "Update",
    "subresource": "status",
    "fieldsV1": {"f:status": {}},
}


def an_update(fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"manager": "kubectl", "operation": "Update", "fieldsV1": fields, **changes}


def test_template_fields_of_others_become_ours() -> None:
    other = an_update({"f:spec": {"f:template": {"f:spec": {"b": {}}}}})

    assert ownership.adopted("Deployment", [OURS, other, STATUS]) == [
        {**OURS, "fieldsV1": {"f:spec": {"f:template": {"f:spec": {"a": {}, "b": {}}}}}},
        STATUS,
    ]


def test_what_others_own_besides_the_template_stays_theirs() -> None:
    other = an_update({"f:spec": {"f:replicas": {}, "f:template": {"x": {}}}, "f:metadata": {}})

    adopted = ownership.adopted("Deployment", [other, OURS])

    assert adopted[0]["fieldsV1"] == {"f:spec": {"f:replicas": {}}, "f:metadata": {}}
    assert other["fieldsV1"]["f:spec"]["f:template"] == {"x": {}}


def test_an_apply_of_another_manager_is_left_alone() -> None:
    other = an_update({"f:spec": {"f:template": {"x": {}}}}, operation="Apply", manager="mesh")

    assert ownership.adopted("Deployment", [OURS, other]) == [OURS, other]


def test_replicas_that_were_scaled_belong_to_the_scaler() -> None:
    scaled = an_update({"f:spec": {"f:replicas": {}}}, subresource="scale", manager="hpa")

    assert ownership.others_own_replicas([OURS, scaled])
    assert not ownership.others_own_replicas([OURS, STATUS])
