"""Judge the newest rollout of a Deployment by one look, with the rules of the rollout watch.

A single look has no memory: it cannot tell how long a container waits for an image, only that it
does. Restarts are not held against a rollout that is complete; they are told.
"""

from typing import Literal

from opsbot.capabilities.kubernetes.get_rollout_status import GetRolloutStatus
from opsbot.integrations.kubernetes import replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.patience import SYSTEM
from opsbot.integrations.waiting import Clock
from opsbot.verification import observation, pod_trouble, rollout, versions
from opsbot.verification.observation import Observation
from opsbot.verification.rollout import Abort, Complete, Limits, Waiting
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

State = Literal["not_deployed", "paused", "complete", "in_progress", "failing"]
_LONGEST = 500


class RolloutOutput(Value):
    """A rollout at one moment."""

    deployment: str
    namespace: str
    state: State
    revision: int = 0
    replicas: int = 0
    """Wanted."""
    updated: int = 0
    """Pods of the newest version."""
    available: int = 0
    """Available pods of all versions."""
    reason: str = ""
    """What it waits for, or why it will not come up."""


def run(
    cluster: Cluster, params: GetRolloutStatus, *, say: Say, clock: Clock = SYSTEM
) -> RolloutOutput:
    """Return the state of the rollout and its reason; no Deployment is an answer as well."""
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    found = RolloutOutput(
        deployment=params.deployment_name,
        namespace=params.namespace,
        **({"state": "not_deployed"} if live is None else _of(cluster, live, clock)),
    )
    say(f"Rollout of {found.deployment!r}: {found.state}. {found.reason}")
    return found


def _of(cluster: Cluster, live: Json, clock: Clock) -> Json:
    newest = versions.current(live, replica_sets.of_deployment(cluster, live))
    pods = replica_sets.pods_of(cluster, live, newest) if newest else ()
    seen = observation.observe(live, newest, pods, at=clock.now())
    state, reason = ("paused", "somebody paused it") if live["spec"].get("paused") else judge(seen)
    return {
        "state": state,
        "reason": redact(reason)[:_LONGEST],
        "revision": versions.revision_of(live),
        "replicas": seen.wanted,
        "updated": seen.updated,
        "available": seen.available,
    }


def judge(seen: Observation) -> tuple[State, str]:
    """Return the state of a rollout, as it was seen, and why it is so."""
    if seen.complete:
        return "complete", _restarts(seen)
    match rollout.verdict(seen, Limits()):
        case Complete():
            return "complete", _restarts(seen)
        case Waiting(reason=reason):
            return "in_progress", reason
        case Abort() as abort:
            where = f"{abort.pod}/{abort.container}: " if abort.pod else ""
            return "failing", f"{where}{abort.reason}"


def _restarts(seen: Observation) -> str:
    """Name the containers of a complete rollout that ended at some time."""
    return "; ".join(
        f"{each.pod}/{each.name} {words}"
        for each in seen.containers
        if (words := pod_trouble.of_container(each))
    )
