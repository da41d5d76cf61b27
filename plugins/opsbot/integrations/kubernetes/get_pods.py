"""Check that every replica runs the deployed version and is ready.

A pod that is being deleted belongs to the version that leaves. Readiness may flap for a moment,
so a bad look is repeated for a bounded time before it counts.
"""

from opsbot.capabilities.kubernetes.get_pods import GetPods
from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import TEMPLATE_HASH, Json
from opsbot.integrations.kubernetes.patience import SYSTEM, until
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

SETTLING_SECONDS = 15.0


class PodsOutput(Value):
    """The pods of the deployed version."""

    pods: int
    running: int
    ready: int
    names: tuple[str, ...]


def run(
    cluster: Cluster,
    params: GetPods,
    *,
    deployment: DeployOutput,
    say: Say,
    clock: Clock = SYSTEM,
) -> PodsOutput:
    """Return the pods once all wanted replicas are ready; fail if they do not get there."""

    def look() -> tuple[PodsOutput | None, str]:
        seen = _look(cluster, params, deployment)
        enough = seen.running == seen.ready == seen.pods == deployment.replicas
        words = f"{seen.pods} pods of {deployment.template_hash}: {seen.running} running"
        return (seen if enough else None), f"{words}, {seen.ready}/{deployment.replicas} ready"

    found, words = until(look, seconds=SETTLING_SECONDS, say=say, clock=clock)
    if found is None:
        raise StepFailed(
            f"The deployed version of {deployment.deployment!r} in {params.namespace!r} is not "
            f"at full size: {words}. {_troubles(cluster, params, deployment)}"
        )
    return found


def deployed_pods(
    cluster: Cluster, namespace: str, labels: str, deployment: DeployOutput, fields: str = ""
) -> list[Json]:
    """List the pods of the deployed version that are not being deleted."""
    selector = f"{labels},{TEMPLATE_HASH}={deployment.template_hash}"
    found = cluster.list("Pod", namespace, labels=selector, fields=fields)
    return [pod for pod in found if not objects.is_leaving(pod)]


def _look(cluster: Cluster, params: GetPods, deployment: DeployOutput) -> PodsOutput:
    pods = deployed_pods(cluster, params.namespace, params.label_selector, deployment)
    running = deployed_pods(
        cluster, params.namespace, params.label_selector, deployment, params.field_selector
    )
    return PodsOutput(
        pods=len(pods),
        running=len(running),
        ready=sum(objects.is_ready(pod) for pod in running),
        names=tuple(sorted(objects.name_of(pod) for pod in pods)),
    )


def _troubles(cluster: Cluster, params: GetPods, deployment: DeployOutput) -> str:
    pods = deployed_pods(cluster, params.namespace, params.label_selector, deployment)
    unready = [objects.name_of(pod) for pod in pods if not objects.is_ready(pod)]
    if not unready:
        return "Another version may have been deployed meanwhile."
    return f"Not ready: {', '.join(unready)}."
