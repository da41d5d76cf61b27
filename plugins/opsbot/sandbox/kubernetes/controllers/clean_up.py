"""What goes when something else has gone: dependents of deleted owners, contents of namespaces."""

from opsbot.sandbox.kubernetes import deletion, kinds
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.problems import Json, Problem


def after_owner(cluster: Cluster, _namespace: str, uid: str) -> None:
    """Delete what only a deleted owner kept alive."""
    for resource, dependent in _dependents(cluster, uid):
        if any(_is_alive(cluster, owner["uid"]) for owner in deletion.owners_of(dependent)):
            continue
        _delete(cluster, resource, dependent)


def foreground(cluster: Cluster, _namespace: str, uid: str) -> None:
    """Delete an owner's dependents first, and the owner when they are gone."""
    found = _find(cluster, uid)
    if found is None or deletion.FOREGROUND not in found[1]["metadata"].get("finalizers", []):
        return
    dependents = _dependents(cluster, uid)
    for resource, dependent in dependents:
        if "deletionTimestamp" not in dependent["metadata"]:
            policy = "Foreground" if resource is kinds.REPLICA_SETS else "Background"
            _delete(cluster, resource, dependent, policy)
    if not _dependents(cluster, uid):
        cluster.store.remove(*found)


def _dependents(cluster: Cluster, uid: str) -> list[tuple[Resource, Json]]:
    return [
        (resource, each)
        for resource in kinds.RESOURCES
        for each in cluster.store.list(resource)
        if any(owner["uid"] == uid for owner in deletion.owners_of(each))
    ]


def _is_alive(cluster: Cluster, uid: str) -> bool:
    return _find(cluster, uid) is not None


def _find(cluster: Cluster, uid: str) -> tuple[Resource, Json] | None:
    for resource in kinds.RESOURCES:
        for each in cluster.store.list(resource):
            if each["metadata"]["uid"] == uid:
                return resource, each
    return None


def _delete(cluster: Cluster, resource: Resource, each: Json, policy: str = "Background") -> None:
    target = kinds.target_of(resource, each)
    try:
        deletion.delete(cluster, target, {"propagationPolicy": policy}, dry_run=False)
    except Problem as problem:
        if problem.code != 404:
            raise


def namespace(cluster: Cluster, _namespace: str, name: str) -> None:
    """Empty a namespace that is being deleted; the last object takes it along."""
    found = cluster.store.get(kinds.NAMESPACES, "", name)
    if found is None or "deletionTimestamp" not in found["metadata"]:
        return
    left = 0
    for resource in kinds.RESOURCES:
        if not resource.namespaced:
            continue
        for each in cluster.store.list(resource, name):
            if "deletionTimestamp" not in each["metadata"]:
                _delete(cluster, resource, each)
        left += len(cluster.store.list(resource, name))
    if not left:
        cluster.store.remove(kinds.NAMESPACES, found)
