"""EndpointSlices: which pods a Service's connections may go to.

`ready` is for new connections; a pod that is being deleted stays listed as `serving` until it
ends, so that connections it already has may finish.
"""

from opsbot.sandbox.kubernetes import kinds, writing
from opsbot.sandbox.kubernetes.cluster import NODE, Cluster, stamp
from opsbot.sandbox.kubernetes.controllers import replica_sets, templates
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing

SERVICE_NAME = "kubernetes.io/service-name"
_WE = Writing("kube-controller-manager")
_TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time"


def look(cluster: Cluster, namespace: str, name: str) -> None:
    """Bring a Service's slice up to date."""
    service = cluster.store.get(kinds.SERVICES, namespace, name)
    if service is None or not service["spec"].get("selector"):
        return
    pods = selected(cluster, service)
    content = {
        "endpoints": [_endpoint(pod) for pod in pods] or None,
        "ports": _ports(service["spec"], pods) or None,
    }
    slice = of_service(cluster, service)
    if slice is None:
        everywhere = kinds.Target(kinds.ENDPOINT_SLICES, namespace)
        writing.create(cluster, everywhere, _slice(service, content), _WE)
        return

    def change(new: Json) -> None:
        if (new.get("endpoints"), new.get("ports")) != (content["endpoints"], content["ports"]):
            new |= content
            new["metadata"].setdefault("annotations", {})[_TRIGGER] = stamp()

    writing.update(cluster, kinds.target_of(kinds.ENDPOINT_SLICES, slice), change, _WE)


def selected(cluster: Cluster, service: Json) -> list[Json]:
    """Return the pods behind a Service that have an address and have not ended."""
    wanted = service["spec"]["selector"].items()
    namespace = service["metadata"]["namespace"]
    return [
        pod
        for pod in cluster.store.list(kinds.PODS, namespace)
        if wanted <= pod["metadata"].get("labels", {}).items()
        and pod["status"].get("podIP")
        and pod["status"].get("phase") not in ("Succeeded", "Failed")
    ]


def of_service(cluster: Cluster, service: Json) -> Json | None:
    """Find a Service's slice."""
    for slice in cluster.store.list(kinds.ENDPOINT_SLICES, service["metadata"]["namespace"]):
        if templates.is_controlled_by(slice, service):
            return slice
    return None


def _slice(service: Json, content: Json) -> Json:
    name = service["metadata"]["name"]
    return {
        "metadata": {
            "generateName": f"{name}-",
            "labels": {
                SERVICE_NAME: name,
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
            "annotations": {_TRIGGER: stamp()},
            "ownerReferences": [templates.controlled_by(service)],
        },
        "addressType": "IPv4",
        **content,
    }


def _endpoint(pod: Json) -> Json:
    ready, leaving = replica_sets.is_ready(pod), "deletionTimestamp" in pod["metadata"]
    metadata = pod["metadata"]
    return {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": ready and not leaving, "serving": ready, "terminating": leaving},
        "nodeName": NODE,
        "targetRef": {
            "kind": "Pod",
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
        },
    }


def _ports(spec: Json, pods: list[Json]) -> list[Json]:
    found = []
    for port in spec.get("ports", []):
        number = pod_port(port["targetPort"], pods)
        if number is not None:
            found.append(
                {"name": port.get("name", ""), "port": number, "protocol": port["protocol"]}
            )
    return found


def pod_port(target: int | str, pods: list[Json]) -> int | None:
    """Return the number of a target port; a name is looked up in the pods' containers."""
    if isinstance(target, int):
        return target
    for pod in pods:
        for container in pod["spec"]["containers"]:
            for port in container.get("ports", []):
                if port.get("name") == target:
                    return int(port["containerPort"])
    return None
