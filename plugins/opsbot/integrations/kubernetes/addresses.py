"""Where a service can be reached from outside of its cluster.

A NodePort on the node's address (on this machine, where the API server is), a load balancer on its
own. A ClusterIP has no address outside.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from opsbot.integrations import web
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json


def port_of(service: Json) -> int | None:
    """Return the port that users come in by: node port or load balancer's; else its own."""
    first: Json = (service["spec"].get("ports") or [{}])[0]
    balanced = service["spec"].get("type") == "LoadBalancer"
    port = first.get("port") if balanced else first.get("nodePort") or first.get("port")
    return int(port) if port else None


def host_of(cluster: Cluster, service: Json, pods: Iterable[Json]) -> str | None:
    """Return a host by which the service can be reached from outside of the cluster."""
    match service["spec"].get("type"):
        case "NodePort":
            return _loopback(cluster) or _node_address(pods)
        case "LoadBalancer":
            entries = service.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}]
            address = entries[0].get("ip") or entries[0].get("hostname")
            return str(address) if address else None
        case _:
            return None


def _loopback(cluster: Cluster) -> str | None:
    """Return this machine's own address if the cluster runs on it."""
    if not web.is_loopback(cluster.server):
        return None
    host = urlsplit(cluster.server).hostname
    return "127.0.0.1" if host == "localhost" else host


def _node_address(pods: Iterable[Json]) -> str | None:
    """Return a node's address as a pod on it tells it; listing nodes would need more rights."""
    addresses = (pod.get("status", {}).get("hostIP") for pod in pods)
    return next((each for each in addresses if each), None)
