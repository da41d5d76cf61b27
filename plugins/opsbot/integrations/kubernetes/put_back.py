"""Applying stored objects until they are what they were, whatever others have left in them."""

from opsbot.integrations.kubernetes import faults, objects, ownership, spec_proof
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import without_foreign_replicas
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import Say

_ADOPTIONS = 8
"""Tries to adopt fields; a rollout writes its status all the time, and each write is a race."""


def put_back(cluster: Cluster, saved: Json, say: Say) -> bool:
    """Restore one object; return whether it had to be changed."""
    live = cluster.find(saved["kind"], objects.namespace_of(saved), objects.name_of(saved))
    if live is not None and objects.cleaned(live) == saved:
        return False
    wanted = without_foreign_replicas(saved, live, cluster.manager)
    answer = _without_foreign_fields(cluster, wanted, _take(cluster, wanted, say), say)
    return live is None or objects.cleaned(answer) != objects.cleaned(live)


def scale_to_zero(cluster: Cluster, live: Json) -> None:
    """Stop a Deployment by an apply, which leaves its other fields as they are."""
    stopped = objects.cleaned(live)
    cluster.apply({**stopped, "spec": {**stopped["spec"], "replicas": 0}}, force=True)


def _take(cluster: Cluster, wanted: Json, say: Say) -> Json:
    """Apply, and take by force only what is in the way, saying what it was."""
    try:
        return cluster.apply(wanted)
    except faults.FieldConflict as conflict:
        say(f"Taken back by force: {conflict.fields}")
        return cluster.apply(wanted, force=True)


def _without_foreign_fields(cluster: Cluster, wanted: Json, answer: Json, say: Say) -> Json:
    """Remove from the object what others added, by adopting it and applying again."""
    for _ in range(_ADOPTIONS):
        if objects.content_of(answer) == objects.content_of(wanted):
            return answer
        say(f"Fields that others left in {objects.title(wanted)} are taken over and removed")
        if _adopt(cluster, wanted):
            answer = cluster.apply(wanted, force=True)
    found = spec_proof.differences(objects.content_of(wanted), objects.content_of(answer))
    raise StepFailed(
        f"{objects.title(wanted)} in {objects.namespace_of(wanted)!r} was applied, but it is not "
        f"the stored one: {'; '.join(found)}. Remove these fields by hand."
    )


def _adopt(cluster: Cluster, wanted: Json) -> bool:
    """Make others' fields ours; False if the object changed meanwhile."""
    kind, namespace, name = wanted["kind"], objects.namespace_of(wanted), objects.name_of(wanted)
    live = cluster.find(kind, namespace, name)
    if live is None:
        return False
    metadata = {
        "resourceVersion": live["metadata"]["resourceVersion"],
        "managedFields": ownership.adopted(live, cluster.manager),
    }
    try:
        cluster.merge(kind, namespace, name, {"metadata": metadata})
    except faults.Changed:
        return False
    return True
