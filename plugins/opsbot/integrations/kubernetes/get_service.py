"""Check that a service sends its requests to the deployed version, and that they are answered.

Endpoints are those that EndpointSlices call ready and that are pods of the deployed version. The
service is also asked as a user would ask it, where it can be reached from here; where it cannot,
requests are 0 and the latency is not measured. As an answer to a question, all its ready endpoints
count, whatever version they are of, and what is wrong with it is told.
"""

from opsbot.capabilities.kubernetes.get_service import GetService
from opsbot.integrations.kubernetes import (
    addresses,
    endpoints,
    objects,
    observing,
    requests_sample,
)
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.requests_sample import Sample, User
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.running import deployed
from opsbot.integrations.waiting import Clock
from opsbot.verification import versions
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

SETTLING_SECONDS = 15.0
_ANSWER_SECONDS = 2.0
"""How long an answer goes on asking."""


class ServiceOutput(Value):
    """What serves, and how well."""

    service: str
    type: str
    """Empty where there is no such Service."""
    port: int | None
    """The port users come in by: node port or load balancer's; else the service's own."""
    endpoints: int
    requests: int
    failed: int
    p95_seconds: float | None
    """None: not measured."""
    observed_seconds: int = 0
    """How long its pods were watched for restarts and lost readiness."""
    trouble: str = ""
    """What is wrong with it, where that is an answer."""


def run(
    cluster: Cluster,
    params: GetService,
    *,
    say: Say,
    deployment: DeployOutput | None = None,
    clock: Clock = SYSTEM,
) -> ServiceOutput:
    """Return endpoints and measured answers; a check fails if they are not those of `deployment`.

    A service that is looked at without a check may have no `deployment` and no endpoints.
    """
    if params.verify_endpoints:
        return _check(cluster, params, deployed(deployment), say, clock)
    return _answer(cluster, params, say)


def _check(
    cluster: Cluster, params: GetService, deployment: DeployOutput, say: Say, clock: Clock
) -> ServiceOutput:
    service = cluster.find("Service", params.namespace, params.service_name)
    if service is None:
        raise StepFailed(_absent(params))
    pods = _wait_for_endpoints(cluster, params, deployment, say, clock)
    user = _user(cluster, service, pods, params.health_path)
    if user is not None:
        user.ask_often()
    say(_words(user, params))
    if user is not None and user.sample.broken:
        raise StepFailed(_broken(user.sample, params))
    if params.observe_seconds:
        seconds = params.observe_seconds
        observing.watch(cluster, deployment, user, seconds=seconds, say=say, clock=clock)
        pods = _wait_for_endpoints(cluster, params, deployment, say, clock)
        say(_words(user, params))
    return _output(params, service, len(pods), user, params.observe_seconds)


def _answer(cluster: Cluster, params: GetService, say: Say) -> ServiceOutput:
    """Return how the service is, without a judgement."""
    service = cluster.find("Service", params.namespace, params.service_name)
    if service is None:
        say(_absent(params))
        return ServiceOutput(
            service=params.service_name,
            type="",
            port=None,
            endpoints=0,
            requests=0,
            failed=0,
            p95_seconds=None,
            trouble=_absent(params),
        )
    ready = endpoints.ready_pods(cluster, params.namespace, params.service_name)
    pods = cluster.list("Pod", params.namespace, labels=objects.labels_of(service))
    serving = [pod for pod in pods if objects.name_of(pod) in ready]
    user = _user(cluster, service, serving, params.health_path) if ready else None
    if user is not None:
        user.ask_often(within=_ANSWER_SECONDS)
    say(f"{len(ready)} endpoints ready. {_words(user, params)}")
    trouble = "" if ready else f"No pod behind Service {params.service_name!r} is ready."
    if user is not None and user.sample.broken:
        trouble = _broken(user.sample, params)
    return _output(params, service, len(ready), user).model_copy(update={"trouble": trouble})


def _output(
    params: GetService, service: Json, ready: int, user: User | None, seconds: int = 0
) -> ServiceOutput:
    measured = user.sample if user is not None else Sample()
    return ServiceOutput(
        service=params.service_name,
        type=service["spec"].get("type", "ClusterIP"),
        port=addresses.port_of(service),
        endpoints=ready,
        requests=measured.requests,
        failed=measured.failed,
        p95_seconds=measured.p95_seconds,
        observed_seconds=seconds,
    )


def _wait_for_endpoints(
    cluster: Cluster, params: GetService, deployment: DeployOutput, say: Say, clock: Clock
) -> list[Json]:
    """Return the deployed pods that the service sends requests to, once they are all of them."""

    def look() -> tuple[list[Json] | None, str]:
        labels = f"{versions.TEMPLATE_HASH}={deployment.template_hash}"
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


def _user(cluster: Cluster, service: Json, pods: list[Json], path: str) -> User | None:
    host, port = addresses.host_of(cluster, service, pods), addresses.port_of(service)
    return requests_sample.user_of(host, port, path) if host and port else None


def _absent(params: GetService) -> str:
    return (
        f"There is no Service {params.service_name!r} in {params.namespace!r}. "
        "Check the application's manifests and its service name."
    )


def _broken(sample: Sample, params: GetService) -> str:
    return (
        f"Service {params.service_name!r} in {params.namespace!r} failed {sample.failed} of "
        f"{sample.requests} requests to {params.health_path} ({sample.first_failure} first)."
    )


def _words(user: User | None, params: GetService) -> str:
    if user is None:
        return f"Service {params.service_name!r} cannot be reached from here: latency not measured"
    sample = user.sample
    return (
        f"{sample.requests} requests to {params.health_path}, {sample.failed} failed, "
        f"95 % within {sample.p95_seconds} s"
    )
