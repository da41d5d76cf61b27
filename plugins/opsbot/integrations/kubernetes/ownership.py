"""Who owns the fields of an object, and how what others left in it becomes ours.

Server-side apply removes a field only if its last owner leaves it out. `kubectl rollout undo`,
`set env` and the like make themselves owners of what they changed; applying the good manifest,
even by force, then answers 200 and leaves their variable in place, and the pods never become
ready. So where the object is not the wanted one after an apply, the others' fields are written to
our name, and the next apply removes what it does not mention.
"""

from opsbot.integrations.kubernetes import fieldsets, owners
from opsbot.integrations.kubernetes.client import FIELD_MANAGER
from opsbot.integrations.kubernetes.fieldsets import Fields, Path
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.owners import Owner

_PARTS: dict[str, tuple[Path, ...]] = {
    "Deployment": (("f:spec", "f:template"),),
    "Service": (("f:spec",),),
    "ConfigMap": (("f:data",), ("f:binaryData",)),
    "Secret": (("f:data",),),
}
"""By kind, the fields that say what it is; those of others besides, such as replicas, stay."""


def adopted(live: Json, manager: str = FIELD_MANAGER) -> list[Json]:
    """Return `managedFields` in which what others' updates own of the object is the manager's."""
    taken: Fields = frozenset(
        path
        for each in owners.others(live, manager)
        if _is_update(each)
        for part in _PARTS[live["kind"]]
        for path in fieldsets.under(each.fields, part)
    )
    own = next(each for each in owners.of(live) if each.applies_as(manager))
    fields = fieldsets.write(own.fields | taken)
    left = owners.entries_without(live, taken, of=_is_update, manager=manager)
    return [*left, {**own.entry, "fieldsV1": fields}]


def _is_update(owner: Owner) -> bool:
    return owner.operation == "Update" and not owner.subresource
