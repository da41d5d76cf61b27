"""Which ReplicaSet is which.

A Deployment's version is its pod template; a ReplicaSet is that version at work. The one at work
now has the Deployment's own template. Names, ages and revision numbers only look like it.
"""

from collections.abc import Sequence

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json


def of_deployment(cluster: Cluster, deployment: Json) -> tuple[Json, ...]:
    """List the ReplicaSets a Deployment controls."""
    namespace, labels = objects.namespace_of(deployment), objects.selector_of(deployment)
    found = cluster.list("ReplicaSet", namespace, labels=labels)
    return tuple(each for each in found if objects.owned_by(each, deployment))


def current(deployment: Json, replica_sets: Sequence[Json]) -> Json | None:
    """Return the ReplicaSet of the Deployment's present template, once the controller made it.

    Two of one template can be left behind by a controller that was cut off; the higher revision
    is the one it goes on with.
    """
    wanted = objects.template_sha256(deployment)
    equal = [each for each in replica_sets if objects.template_sha256(each) == wanted]
    return max(equal, key=objects.revision_of, default=None)


def pods_of(cluster: Cluster, deployment: Json, replica_set: Json) -> tuple[Json, ...]:
    """List the pods of one ReplicaSet."""
    labels = f"{objects.selector_of(deployment)},{objects.TEMPLATE_HASH}="
    labels += objects.template_hash(replica_set)
    found = cluster.list("Pod", objects.namespace_of(deployment), labels=labels)
    return tuple(each for each in found if objects.owned_by(each, replica_set))
