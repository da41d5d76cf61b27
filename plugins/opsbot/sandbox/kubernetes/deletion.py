"""Deleting objects, and what they own.

A pod is deleted in two acts: a deletionTimestamp first, so that the node can end its processes
within the grace period, and the object goes when they are gone. Dependents follow their owner
(background), hold it until they are gone (foreground), or are left alone (orphan).
"""

from datetime import timedelta
from typing import Any

from opsbot.sandbox.kubernetes import kinds, problems, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, now, stamp
from opsbot.sandbox.kubernetes.kinds import Resource, Target, target_of
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing

FOREGROUND = "foregroundDeletion"


def delete(cluster: Cluster, target: Target, options: Json, *, dry_run: bool) -> Json:
    """Delete an object, or begin to."""
    resource = target.resource
    with cluster.store.lock:
        old = writing.existing(cluster, target)
        _check_preconditions(resource, old, options.get("preconditions") or {})
        if dry_run:
            return _answer(resource, old)
        if resource in (kinds.PODS, kinds.NAMESPACES):
            return _begin(cluster, resource, old, _grace(resource, old, options))
        match options.get("propagationPolicy"):
            case "Foreground":
                return _begin(cluster, resource, _held(old), 0)
            case "Orphan":
                _orphan(cluster, old["metadata"]["uid"])
        gone = cluster.store.remove(resource, old)
        return gone if resource is kinds.SERVICES else _answer(resource, old)


def _check_preconditions(resource: Resource, old: Json, wanted: Json) -> None:
    for field, label in (("uid", "UID"), ("resourceVersion", "ResourceVersion")):
        real = old["metadata"][field]
        if wanted.get(field) not in (None, real):
            name, values = old["metadata"]["name"], (str(wanted[field]), real)
            raise problems.not_the_one(resource.kind, resource.group, name, label, values)


def _grace(resource: Resource, old: Json, options: Json) -> int:
    if resource is kinds.NAMESPACES:
        return 0
    asked: Any = options.get("gracePeriodSeconds")
    grace = old["spec"]["terminationGracePeriodSeconds"] if asked is None else int(asked)
    earlier = old["metadata"].get("deletionGracePeriodSeconds")
    return grace if earlier is None else min(grace, earlier)


def _held(old: Json) -> Json:
    held = {**old["metadata"], "finalizers": [*old["metadata"].get("finalizers", []), FOREGROUND]}
    return {**old, "metadata": held}


def _begin(cluster: Cluster, resource: Resource, old: Json, grace: int) -> Json:
    metadata = old["metadata"] | {
        "deletionTimestamp": stamp(now() + timedelta(seconds=grace)),
        "deletionGracePeriodSeconds": grace,
    }
    if resource.counts_generations and "deletionTimestamp" not in old["metadata"]:
        metadata["generation"] = metadata.get("generation", 1) + 1
    going = {**old, "metadata": metadata}
    if resource is kinds.NAMESPACES:
        going["status"] = {"phase": "Terminating"}
    return cluster.store.put(resource, going)


def _answer(resource: Resource, old: Json) -> Json:
    details = {
        "name": old["metadata"]["name"],
        "kind": resource.plural,
        "uid": old["metadata"]["uid"],
    } | ({"group": resource.group} if resource.group else {})
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": details,
    }


def _orphan(cluster: Cluster, uid: str) -> None:
    for resource in kinds.RESOURCES:
        for dependent in cluster.store.list(resource):
            if any(owner["uid"] == uid for owner in owners_of(dependent)):
                disown(cluster, resource, dependent, uid)


def disown(cluster: Cluster, resource: Resource, dependent: Json, uid: str) -> None:
    """Take one owner away from an object."""

    def change(new: Json) -> None:
        left = [owner for owner in owners_of(new) if owner["uid"] != uid]
        new["metadata"]["ownerReferences"] = left

    how = Writing("kube-controller-manager")
    writing.update(cluster, target_of(resource, dependent), change, how)


def owners_of(dependent: Json) -> list[Json]:
    """Return an object's owner references."""
    references: list[Json] = dependent["metadata"].get("ownerReferences") or []
    return references
