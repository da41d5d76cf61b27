"""Which pods a Service really sends requests to.

EndpointSlices say it: an endpoint gets traffic while it is `ready`. A pod that drains is `serving`
but not ready. That a Service exists, or that pods run, says nothing about either.
"""

from collections.abc import Container

from opsbot.integrations.kubernetes.client import Cluster

_SERVICE_LABEL = "kubernetes.io/service-name"


def ready_pods(cluster: Cluster, namespace: str, service: str) -> frozenset[str]:
    """Return the names of the pods that a Service sends requests to."""
    slices = cluster.list("EndpointSlice", namespace, labels=f"{_SERVICE_LABEL}={service}")
    return frozenset(
        each["targetRef"]["name"]
        for one in slices
        for each in one.get("endpoints") or []
        if each.get("conditions", {}).get("ready", True) and each.get("targetRef")
    )


def count(cluster: Cluster, namespace: str, service: str, pods: Container[str]) -> int:
    """Count the ready endpoints of a Service that are among these pods."""
    return sum(name in pods for name in ready_pods(cluster, namespace, service))
