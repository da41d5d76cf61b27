"""List an application's pods; as a check, find every replica of the deployed version ready.

A pod that is being deleted belongs to the version that leaves. Readiness may flap for a moment,
so a check repeats a bad look for a bounded time before it counts. An answer to a question is one
look at all pods, of whatever version, and says of each that is not ready why it is not.
"""

from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.running import deployed
from opsbot.integrations.waiting import Clock
from opsbot.verification import containers, pod_trouble, versions
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

SETTLING_SECONDS = 15.0
_LISTED = 50
"""Pods that are named."""
_LONGEST = 300
"""Characters about one pod."""


class PodsOutput(Value):
    """The pods that were looked at."""

    pods: int
    running: int
    ready: int
    names: tuple[str, ...]
    troubles: tuple[str, ...] = ()
    """Of each pod that is not ready, why."""


def run(
    cluster: Cluster,
    params: GetPods,
    *,
    say: Say,
    deployment: DeployOutput | None = None,
    clock: Clock = SYSTEM,
) -> PodsOutput:
    """Return the pods; a check waits until all wanted replicas of `deployment` are ready."""
    if params.must_be_ready:
        return _check(cluster, params, deployed(deployment), say, clock)
    labels = params.label_selector
    found = _output(
        list_pods(cluster, params.namespace, labels),
        list_pods(cluster, params.namespace, labels, params.field_selector),
    )
    for words in found.troubles:
        say(words)
    return found


def list_pods(cluster: Cluster, namespace: str, labels: str, fields: str = "") -> list[Json]:
    """List the pods of a label selector that are not being deleted."""
    found = cluster.list("Pod", namespace, labels=labels, fields=fields)
    return [pod for pod in found if not objects.is_leaving(pod)]


def of_version(labels: str, deployment: DeployOutput) -> str:
    """Return a selector for those of the pods that run the deployed version."""
    return f"{labels},{versions.TEMPLATE_HASH}={deployment.template_hash}"


def _check(
    cluster: Cluster, params: GetPods, deployment: DeployOutput, say: Say, clock: Clock
) -> PodsOutput:
    labels = of_version(params.label_selector, deployment)

    def look() -> tuple[PodsOutput | None, str]:
        seen = _output(
            list_pods(cluster, params.namespace, labels),
            list_pods(cluster, params.namespace, labels, params.field_selector),
        )
        enough = seen.running == seen.ready == seen.pods == deployment.replicas
        return (seen if enough else None), _words(seen, deployment)

    found, words = until(look, seconds=SETTLING_SECONDS, say=say, clock=clock)
    if found is None:
        raise StepFailed(
            f"The deployed version of {deployment.deployment!r} in {params.namespace!r} is not "
            f"at full size: {words}. If no pod is in trouble, another version may have been "
            "deployed meanwhile."
        )
    return found


def _output(pods: list[Json], running: list[Json]) -> PodsOutput:
    return PodsOutput(
        pods=len(pods),
        running=len(running),
        ready=sum(containers.is_ready(pod) for pod in running),
        names=tuple(sorted(objects.name_of(pod) for pod in pods))[:_LISTED],
        troubles=_troubles(pods),
    )


def _troubles(pods: list[Json]) -> tuple[str, ...]:
    words = sorted(
        f"{objects.name_of(pod)}: {redact(trouble)[:_LONGEST]}"
        for pod in pods
        if (trouble := pod_trouble.of(pod))
    )
    more = (f"and {len(words) - _LISTED} more",) if len(words) > _LISTED else ()
    return (*words[:_LISTED], *more)


def _words(seen: PodsOutput, deployment: DeployOutput) -> str:
    words = (
        f"{seen.pods} pods of {deployment.template_hash}: {seen.running} running, "
        f"{seen.ready}/{deployment.replicas} ready"
    )
    return "; ".join((words, *seen.troubles[:3]))
