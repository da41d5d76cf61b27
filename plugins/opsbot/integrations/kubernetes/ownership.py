"""Who owns the fields of a Deployment, and how what others left in a pod template becomes ours.

Server-side apply removes a field only if its last owner leaves it out. `kubectl rollout undo`,
`set env` and the like make themselves owners of what they changed; applying the good manifest,
even by force, then answers 200 and leaves their variable in place, and the pods never become
ready. So where the template is not the wanted one after an apply, the others' template fields are
written to our name, and the next apply removes what it does not mention.
"""

from collections.abc import Sequence
from typing import Any

from opsbot.integrations.kubernetes.client import FIELD_MANAGER
from opsbot.integrations.kubernetes.objects import Json

Fields = dict[str, Any]


def adopted(entries: Sequence[Json]) -> list[Json]:
    """Return `managedFields` in which the template fields of others' updates are ours."""
    taken: Fields = {}
    kept = []
    for entry in entries:
        rest, template = _without_template(entry) if _is_update(entry) else (entry, {})
        taken = _union(taken, template)
        kept.append(rest)
    return [
        {**each, "fieldsV1": _union(each["fieldsV1"], taken)} if _is_ours(each) else each
        for each in kept
        if each["fieldsV1"]
    ]


def others_own_replicas(entries: Sequence[Json]) -> bool:
    """Tell whether somebody else decides the number of replicas, as an autoscaler does."""
    return any(
        "f:replicas" in each["fieldsV1"].get("f:spec", {})
        for each in entries
        if not _is_ours(each) and each.get("subresource") != "status"
    )


def _is_ours(entry: Json) -> bool:
    return (
        entry["manager"] == FIELD_MANAGER
        and entry["operation"] == "Apply"
        and not entry.get("subresource")
    )


def _is_update(entry: Json) -> bool:
    return entry["operation"] == "Update" and not entry.get("subresource")


def _without_template(entry: Json) -> tuple[Json, Fields]:
    """Split an owner's entry into what it keeps and its part of the pod template."""
    fields = dict(entry["fieldsV1"])
    spec = dict(fields.get("f:spec", {}))
    template = spec.pop("f:template", None)
    if template is None:
        return entry, {}
    fields["f:spec"] = spec
    if not spec:
        del fields["f:spec"]
    return {**entry, "fieldsV1": fields}, {"f:spec": {"f:template": template}}


def _union(one: Fields, other: Fields) -> Fields:
    return {**one, **{key: _union(one.get(key, {}), each) for key, each in other.items()}}
