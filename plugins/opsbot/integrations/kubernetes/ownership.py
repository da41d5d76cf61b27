"""Who owns the fields of an object, and how what others left in it becomes ours.

Server-side apply removes a field only if its last owner leaves it out. `kubectl rollout undo`,
`set env` and the like make themselves owners of what they changed; applying the good manifest,
even by force, then answers 200 and leaves their variable in place, and the pods never become
ready. So where the object is not the wanted one after an apply, the others' fields are written to
our name, and the next apply removes what it does not mention.
"""

from collections.abc import Sequence
from typing import Any

from opsbot.integrations.kubernetes.client import FIELD_MANAGER
from opsbot.integrations.kubernetes.objects import Json

Fields = dict[str, Any]


_PARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Deployment": (("f:spec", "f:template"),),
    "Service": (("f:spec",),),
    "ConfigMap": (("f:data",), ("f:binaryData",)),
    "Secret": (("f:data",),),
}
"""By kind, the fields that say what it is; those of others besides, such as replicas, stay."""


def adopted(kind: str, entries: Sequence[Json]) -> list[Json]:
    """Return `managedFields` in which what others' updates own of the object itself is ours."""
    taken: Fields = {}
    kept = []
    for entry in entries:
        rest = entry["fieldsV1"]
        for path in _PARTS[kind] if _is_update(entry) else ():
            rest, part = _without(rest, path)
            taken = _union(taken, part)
        kept.append({**entry, "fieldsV1": rest})
    return [
        {**each, "fieldsV1": _union(each["fieldsV1"], taken)} if is_ours(each) else each
        for each in kept
        if each["fieldsV1"]
    ]


def others_own_replicas(entries: Sequence[Json]) -> bool:
    """Tell whether somebody else decides the number of replicas, as an autoscaler does."""
    return any(
        "f:replicas" in each["fieldsV1"].get("f:spec", {})
        for each in entries
        if not is_ours(each) and each.get("subresource") != "status"
    )


def is_ours(entry: Json) -> bool:
    """Tell whether an owner's entry is that of our own applies."""
    return (
        entry["manager"] == FIELD_MANAGER
        and entry["operation"] == "Apply"
        and not entry.get("subresource")
    )


def _is_update(entry: Json) -> bool:
    return entry["operation"] == "Update" and not entry.get("subresource")


def _without(fields: Fields, path: tuple[str, ...]) -> tuple[Fields, Fields]:
    """Split fields into those that stay and the part under a path; both begin at the top."""
    first, *deeper = path
    if first not in fields:
        return fields, {}
    rest = {key: each for key, each in fields.items() if key != first}
    if not deeper:
        return rest, {first: fields[first]}
    stays, part = _without(fields[first], tuple(deeper))
    if stays:
        rest[first] = stays
    return rest, {first: part} if part else {}


def _union(one: Fields, other: Fields) -> Fields:
    return {**one, **{key: _union(one.get(key, {}), each) for key, each in other.items()}}
