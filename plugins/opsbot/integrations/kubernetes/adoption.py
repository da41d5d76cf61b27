"""The first contact with an object that somebody else made, and how its fields become ours.

An object that kubectl made owns every field of a manifest to kubectl. Applying by force would take
the fields whose value changes, and only share the others, so that the next deploy that changes one
of those is a conflict again. So nothing is forced: what the manifest states is written to our name
in `managedFields`, taken from whoever had it, and then applied like everything else. That first
step changes no value and names the version of the object that was looked at, so exactly what was
shown is taken. Fields that the manifest does not state stay with their owners.

After the first contact an edit by others is a conflict with a name.
"""

from collections.abc import Iterable, Sequence

from opsbot.integrations.kubernetes import faults, fieldsets, objects, owners
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.errors import Refused, TryAgain
from opsbot.vocabulary.model import Value

_TRIES = 8
"""A rollout writes its status all the time, and each write is a race."""
_CONTAINERS = ("f:spec", "f:template", "f:spec", "f:containers")


class Claim(Value):
    """A field that a manifest states and somebody else owns."""

    field: str
    owner: str
    """In words: `'kubectl' (through scale)`."""


class Adoption(Value):
    """What would become ours of one object."""

    object: str
    """Its title: `Deployment 'shop'`."""
    changed: tuple[Claim, ...]
    """Fields that get another value."""
    kept: tuple[Claim, ...]
    """Fields that have the wanted value already."""

    @property
    def owners(self) -> tuple[str, ...]:
        """Whom the fields belong to."""
        return tuple(sorted({each.owner for each in (*self.changed, *self.kept)}))


def is_first_contact(live: Json | None) -> bool:
    """Tell whether OPS Bot has never deployed a live object.

    Of a Deployment our applies own the containers since its first deploy, whoever sets their
    images; a restart or another number of replicas alone owns none.
    """
    fields = owners.ours(live)
    if live is None or live["kind"] != "Deployment":
        return live is not None and not fields
    return not any(each[: len(_CONTAINERS)] == _CONTAINERS for each in fields)


def of(cluster: Cluster, live: Json | None, manifest: Json) -> Adoption | None:
    """Return what a first apply would have to take from others; None if there is nothing."""
    if not is_first_contact(live):
        return None
    changed = _conflicts(cluster, manifest)
    answer = cluster.apply(manifest, dry_run=True, force=True)
    stated = owners.ours(answer)
    kept = _sorted(
        Claim(field=fieldsets.spelled(path), owner=each.words)
        for each in owners.others(answer)
        for path in each.fields & stated
    )
    if not changed and not kept:
        return None
    return Adoption(object=objects.title(manifest), changed=changed, kept=kept)


def take(cluster: Cluster, manifest: Json, approved: Sequence[Adoption]) -> None:
    """Make what was approved ours, if it still is what was approved; no value changes.

    `Refused` if fields or owners are others by now; an object of ours has nothing to be taken.
    """
    title = objects.title(manifest)
    meant = next((each for each in approved if each.object == title), None)
    if meant is None:
        return
    for _ in range(_TRIES):
        live = cluster.find(
            manifest["kind"], objects.namespace_of(manifest), objects.name_of(manifest)
        )
        found = of(cluster, live, manifest)
        if live is None or found not in (meant, None):
            raise Refused(
                f"{title} is not what was approved any more: other fields, or other owners of "
                "them. Nothing was changed; ask for a new plan."
            )
        if found is None or _written(cluster, live, manifest):
            return
    raise TryAgain(f"{title} changes all the time, so its fields cannot be taken over.")


def _conflicts(cluster: Cluster, manifest: Json) -> tuple[Claim, ...]:
    try:
        cluster.apply(manifest, dry_run=True)
    except faults.FieldConflict as conflict:
        return _sorted(Claim(field=e.field, owner=e.owner) for e in conflict.conflicts)
    return ()


def _sorted(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda each: (each.field, each.owner)))


def _written(cluster: Cluster, live: Json, manifest: Json) -> bool:
    """Write the owners anew; False if the object changed meanwhile."""
    answer = cluster.apply(manifest, dry_run=True, force=True)
    own = next(each.entry for each in owners.of(answer) if each.is_ours)
    stated = owners.ours(answer)
    fields = fieldsets.write(owners.ours(live) | stated)
    metadata = {
        "resourceVersion": live["metadata"]["resourceVersion"],
        "managedFields": [*owners.entries_without(live, stated), {**own, "fieldsV1": fields}],
    }
    kind, namespace, name = live["kind"], objects.namespace_of(live), objects.name_of(live)
    try:
        cluster.merge(kind, namespace, name, {"metadata": metadata})
    except faults.Changed:
        return False
    return True
