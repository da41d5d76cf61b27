from typing import Any

from opsbot.integrations.kubernetes import ownership

OURS = {
    "manager": "opsbot",
    "operation": "Apply",
    "fieldsV1": {"f:spec": {"f:template": {"f:spec": {"f:a": {}}}}},
}
STATUS = {
    "manager": "kube-controller-manager",
    "operation": "Update",
    "subresource": "status",
    "fieldsV1": {"f:status": {}},
}


def a_deployment(*entries: Any) -> dict[str, Any]:
    return {"kind": "Deployment", "metadata": {"name": "shop", "managedFields": list(entries)}}


def an_update(fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"manager": "kubectl", "operation": "Update", "fieldsV1": fields, **changes}


def test_template_fields_of_others_become_ours() -> None:
    other = an_update({"f:spec": {"f:template": {"f:spec": {"f:b": {}}}}})

    assert ownership.adopted(a_deployment(OURS, other, STATUS)) == [
        STATUS,
        {**OURS, "fieldsV1": {"f:spec": {"f:template": {"f:spec": {"f:a": {}, "f:b": {}}}}}},
    ]


def test_what_others_own_besides_the_template_stays_theirs() -> None:
    other = an_update({"f:spec": {"f:replicas": {}, "f:template": {"f:x": {}}}, "f:metadata": {}})

    adopted = ownership.adopted(a_deployment(other, OURS))

    assert adopted[0]["fieldsV1"] == {"f:spec": {"f:replicas": {}}, "f:metadata": {}}
    assert other["fieldsV1"]["f:spec"]["f:template"] == {"f:x": {}}


def test_an_apply_of_another_manager_is_left_alone() -> None:
    other = an_update({"f:spec": {"f:template": {"f:x": {}}}}, operation="Apply", manager="mesh")

    assert ownership.adopted(a_deployment(other, OURS)) == [other, OURS]


def test_s12_what_is_no_entry_is_passed_over() -> None:
    strange = [None, "x", {"manager": "odd"}, {"operation": "Update", "fieldsV1": []}]

    assert ownership.adopted(a_deployment(*strange, OURS)) == [{"manager": "odd"}, OURS]
