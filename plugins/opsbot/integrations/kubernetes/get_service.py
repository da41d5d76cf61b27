"""Check that a service sends its requests to the deployed version, and that they are answered.

Endpoints are those that EndpointSlices call ready and that are pods of the deployed version. The
service is also asked as a user would ask it, where it can be reached from here: a NodePort on the
node's address (on this machine, where the API server is), a load balancer on its own. A ClusterIP
has no address outside of the cluster; then requests are 0 and the latency is not measured.
"""

from urllib.parse import urlsplit

from opsbot.capabilities.kubernetes.get_service import GetService
from opsbot.integrations import web
from opsbot.integrations.kubernetes import endpoints, objects, requests_sample
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import TEMPLATE_HASH, Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.requests_sample import Sample
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

SETTLING_SECONDS = 15.0
HIGHEST_FAILED_SHARE = 0.05
"""Share of failed requests from which the service counts as broken."""


class ServiceOutput(Value):
    """What serves, and how well."""

    service: str
    type: str
    port: int | None
    """The port users come in by: node port or load balancer's; else the service's own."""
    endpoints: int
    requests: int
    failed: int
    p95_seconds: float | None
    """None: not measured."""


def run(
    cluster: Cluster,
    params: GetService,
    *,
    deployment: DeployOutput,
    say: Say,
    clock: Clock = SYSTEM,
) -> ServiceOutput:
    """Return endpoints and measured answers; fail if the service does not serve this version."""
    service = _service(cluster, params)
    pods = _wait_for_endpoints(cluster, params, deployment, say, clock)
    port = _port(service)
    sample = _measure(cluster, service, pods, params.health_path)
    say(_words(sample, params))
    if sample is not None and sample.failed > HIGHEST_FAILED_SHARE * sample.requests:
        raise StepFailed(
            f"Service {params.service_name!r} in {params.namespace!r} failed {sample.failed} of "
            f"{sample.requests} requests to {params.health_path} ({sample.first_failure} first)."
        )
    measured = sample or Sample()
    return ServiceOutput(
        service=params.service_name,
        type=service["spec"].get("type", "ClusterIP"),
        port=port,
        endpoints=len(pods),
        requests=measured.requests,
        failed=measured.failed,
        p95_seconds=measured.p95_seconds,
    )


def _service(cluster: Cluster, params: GetService) -> Json:
    service = cluster.find("Service", params.namespace, params.service_name)
    if service is None:
        raise StepFailed(
            f"There is no Service {params.service_name!r} in {params.namespace!r}. "
            "Check the application's manifests and its service name."
        )
    return service


def _wait_for_endpoints(
    cluster: Cluster, params: GetService, deployment: DeployOutput, say: Say, clock: Clock
) -> list[Json]:
    """Return the deployed pods that the service sends requests to, once they are all of them."""

    def look() -> tuple[list[Json] | None, str]:
        labels = f"{TEMPLATE_HASH}={deployment.template_hash}"
        pods = cluster.list("Pod", params.namespace, labels=labels)
        ready = endpoints.ready_pods(cluster, params.namespace, params.service_name)
        ours = [pod for pod in pods if objects.name_of(pod) in ready]
        others = len(ready) - len(ours)
        words = f"Endpoints: {len(ours)}/{deployment.replicas} of the deployed version ready"
        words += f", {others} of others" if others else ""
        return (ours if len(ours) >= deployment.replicas else None), words

    found, words = until(look, seconds=SETTLING_SECONDS, say=say, clock=clock)
    if found is None:
        raise StepFailed(
            f"Service {params.service_name!r} in {params.namespace!r} does not reach every pod of "
            f"the deployed version: {words}. Check its selector and the pods' readiness."
        )
    return found


def _port(service: Json) -> int | None:
    first: Json = (service["spec"].get("ports") or [{}])[0]
    balanced = service["spec"].get("type") == "LoadBalancer"
    port = first.get("port") if balanced else first.get("nodePort") or first.get("port")
    return int(port) if port else None


def _measure(cluster: Cluster, service: Json, pods: list[Json], path: str) -> Sample | None:
    host, port = _address(cluster, service, pods), _port(service)
    return requests_sample.take(host, port, path) if host and port else None


def _address(cluster: Cluster, service: Json, pods: list[Json]) -> str | None:
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


def _node_address(pods: list[Json]) -> str | None:
    """Return a node's address as a pod on it tells it; listing nodes would need more rights."""
    addresses = (pod.get("status", {}).get("hostIP") for pod in pods)
    return next((each for each in addresses if each), None)


def _words(sample: Sample | None, params: GetService) -> str:
    if sample is None:
        return f"Service {params.service_name!r} cannot be reached from here: latency not measured"
    return (
        f"{sample.requests} requests to {params.health_path}, {sample.failed} failed, "
        f"95 % within {sample.p95_seconds} s"
    )
