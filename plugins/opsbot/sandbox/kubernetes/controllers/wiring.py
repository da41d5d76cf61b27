"""Which change concerns which controller."""

from functools import partial

from opsbot.sandbox.kubernetes import deletion, kinds
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.controllers import clean_up, deployments, endpoints, replica_sets
from opsbot.sandbox.kubernetes.controllers.loop import Loop
from opsbot.sandbox.kubernetes.storage import Change


def start(cluster: Cluster) -> Loop:
    """Start all controllers on a cluster's changes."""
    loop = Loop(cluster.log)
    loop.serve("Deployment", partial(deployments.look, cluster))
    loop.serve("ReplicaSet", partial(replica_sets.look, cluster))
    loop.serve("Service", partial(endpoints.look, cluster))
    loop.serve("owner", partial(clean_up.after_owner, cluster))
    loop.serve("foreground", partial(clean_up.foreground, cluster))
    loop.serve("Namespace", partial(clean_up.namespace, cluster))
    cluster.store.subscribe(partial(_note, cluster, loop))
    loop.start()
    return loop


def _note(cluster: Cluster, loop: Loop, change: Change) -> None:
    if change.resource is kinds.EVENTS and change.type != "DELETED":
        return
    metadata = change.object["metadata"]
    namespace = metadata.get("namespace", "")
    if change.resource in (kinds.DEPLOYMENTS, kinds.REPLICA_SETS, kinds.SERVICES):
        loop.add(change.resource.kind, namespace, metadata["name"])
    for owner in deletion.owners_of(change.object):
        if owner["kind"] in ("Deployment", "ReplicaSet", "Service") and owner.get("controller"):
            loop.add(owner["kind"], namespace, owner["name"])
        if change.type == "DELETED":
            loop.add("foreground", "", owner["uid"])
    if change.resource is kinds.PODS:
        _note_pod(cluster, loop, change)
    _note_end(loop, change)


def _note_pod(cluster: Cluster, loop: Loop, change: Change) -> None:
    namespace = change.object["metadata"]["namespace"]
    for service in cluster.store.list(kinds.SERVICES, namespace):
        loop.add("Service", namespace, service["metadata"]["name"])
    for replica_set in deletion.owners_of(change.object) if change.type == "DELETED" else []:
        # Recreate waits for pods that no ReplicaSet counts any more.
        found = cluster.store.get(kinds.REPLICA_SETS, namespace, replica_set["name"])
        for deployment in deletion.owners_of(found) if found else []:
            loop.add("Deployment", namespace, deployment["name"])


def _note_end(loop: Loop, change: Change) -> None:
    metadata = change.object["metadata"]
    if change.type == "DELETED":
        loop.add("owner", "", metadata["uid"])
        loop.add("Namespace", "", metadata.get("namespace", ""))
    elif deletion.FOREGROUND in metadata.get("finalizers", []):
        if "deletionTimestamp" in metadata:
            loop.add("foreground", "", metadata["uid"])
    elif change.resource is kinds.NAMESPACES and "deletionTimestamp" in metadata:
        loop.add("Namespace", "", metadata["name"])
