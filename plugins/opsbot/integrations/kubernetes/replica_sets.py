"""The ReplicaSets of a Deployment, and the pods of each; which is which, `versions` tells."""

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.verification import versions


def of_deployment(cluster: Cluster, deployment: Json) -> tuple[Json, ...]:
    """List the ReplicaSets a Deployment controls."""
    namespace, labels = objects.namespace_of(deployment), objects.selector_of(deployment)
    found = cluster.list("ReplicaSet", namespace, labels=labels)
    return tuple(each for each in found if versions.owned_by(each, deployment))


def pods_of(cluster: Cluster, deployment: Json, replica_set: Json) -> tuple[Json, ...]:
    """List the pods of one ReplicaSet."""
    labels = f"{objects.selector_of(deployment)},{versions.TEMPLATE_HASH}="
    labels += versions.template_hash(replica_set)
    found = cluster.list("Pod", objects.namespace_of(deployment), labels=labels)
    return tuple(each for each in found if versions.owned_by(each, replica_set))
