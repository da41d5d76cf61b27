"""What an application runs now, in the same words in which a deploy reports what it put there.

The checks after a deploy are bound to the version that was deployed. Where nobody deploys, a check
is bound to the version the Deployment wants now.
"""

from opsbot.integrations.kubernetes import replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.verification import versions
from opsbot.vocabulary.errors import StepFailed


def look(cluster: Cluster, namespace: str, name: str, container: str) -> DeployOutput:
    """Return the version that a Deployment wants now; fail if there is none."""
    live = cluster.find("Deployment", namespace, name)
    newest = (
        None if live is None else versions.current(live, replica_sets.of_deployment(cluster, live))
    )
    if live is None or newest is None:
        raise StepFailed(
            f"Deployment {name!r} is not in namespace {namespace!r}: nothing of it runs there. "
            "Deploy it first."
        )
    containers = live["spec"]["template"]["spec"]["containers"]
    return DeployOutput(
        deployment=name,
        namespace=namespace,
        revision=versions.revision_of(live),
        replicas=live["spec"].get("replicas", 1),
        ready=live.get("status", {}).get("readyReplicas", 0),
        image=next((each["image"] for each in containers if each["name"] == container), ""),
        template_hash=versions.template_hash(newest),
    )


def deployed(deployment: DeployOutput | None) -> DeployOutput:
    """Return the version that a check is about; fail where none is known."""
    if deployment is None:
        raise StepFailed(
            "A check needs to know which version was deployed, and none is on record. "
            "Look at the application's status instead."
        )
    return deployment
