"""Read a Deployment as it is: the version it wants, and how much of it is available."""

from typing import Literal

from opsbot.capabilities.kubernetes.get_deployment import GetDeployment
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.release import IMAGE_TAG
from opsbot.verification import versions
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

State = Literal["not_deployed", "stopped", "unavailable", "partly_available", "available"]


class DeploymentOutput(Value):
    """A Deployment at one moment."""

    deployment: str
    namespace: str
    state: State
    """Of what it wants; `stopped` is 0 replicas wanted."""
    revision: int = 0
    replicas: int = 0
    """Wanted."""
    ready: int = 0
    available: int = 0
    """Ready for at least `minReadySeconds`."""
    images: tuple[str, ...] = ()
    tag: str = ""
    """Image tag that OPS Bot deployed it under; empty if others did."""
    paused: bool = False


def run(cluster: Cluster, params: GetDeployment, *, say: Say) -> DeploymentOutput:
    """Return what the Deployment wants and has; that there is none is an answer."""
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    found = DeploymentOutput(
        deployment=params.deployment_name,
        namespace=params.namespace,
        **({"state": "not_deployed"} if live is None else _of(live)),
    )
    say(f"Deployment {found.deployment!r}: {found.state}, {found.ready}/{found.replicas} ready")
    return found


def _of(live: Json) -> Json:
    spec, status = live["spec"], live.get("status", {})
    wanted, available = spec.get("replicas", 1), status.get("availableReplicas", 0)
    return {
        "state": _state(wanted, available),
        "revision": versions.revision_of(live),
        "replicas": wanted,
        "ready": status.get("readyReplicas", 0),
        "available": available,
        "images": tuple(each["image"] for each in spec["template"]["spec"]["containers"]),
        "tag": (live["metadata"].get("annotations") or {}).get(IMAGE_TAG, ""),
        "paused": bool(spec.get("paused")),
    }


def _state(wanted: int, available: int) -> State:
    if wanted == 0:
        return "stopped"
    if available == 0:
        return "unavailable"
    return "available" if available >= wanted else "partly_available"
