"""What a rollout shows of itself: the Deployment, its newest ReplicaSet and that one's pods.

Reading it right needs some care, all of it seen on real clusters:

- Right after an apply the status is still the old version's and looks complete, until
  `observedGeneration` reaches the new generation.
- The new ReplicaSet is the one whose template equals the Deployment's. Neither the youngest nor
  the highest number will do: going back re-uses an old ReplicaSet.
- A pod that is being deleted ends somehow; that means nothing.

An observation carries the memory of those before it, so it can be read from a recording as well.
"""

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from opsbot.verification import containers, versions
from opsbot.verification.containers import Container, Json
from opsbot.vocabulary.model import Value


class Observation(Value):
    """A rollout at one moment, with what is remembered of the moments before."""

    at: float
    seen_by_controller: bool
    wanted: int
    updated: int
    total: int
    available: int
    ready_pods: int = 0
    template_hash: str = ""
    containers: tuple[Container, ...] = ()
    obstacle: str = ""
    """Why pods are not created or placed, as the cluster says it."""
    deadline: str = ""
    """The controller's words when it gave up waiting for progress."""
    first_failure: float | None = None
    """When the first failure of the new version was, as Kubernetes reports it."""
    progressed_at: float
    best: tuple[int, ...] = ()
    """The furthest that each gauge has been; a pod that only comes and goes is no progress."""
    ended: frozenset[tuple[str, str, str]] = Field(default=frozenset(), repr=False)
    """(pod uid, container, containerID) of every end that was seen."""

    @property
    def complete(self) -> bool:
        """Whether every wanted replica is of the new version and available, and no other is left.

        Pods that are being deleted are not in the counts.
        """
        return self.seen_by_controller and (
            self.updated == self.total == self.available == self.wanted
        )

    @property
    def gauges(self) -> tuple[int, ...]:
        """How far each part of the rollout is; more is further."""
        wanted = self.wanted
        done = (min(each, wanted) for each in (self.updated, self.available, self.ready_pods))
        return (*done, self.updated - self.total, min(wanted - self.total, 0))


def observe(
    deployment: Json,
    replica_set: Json | None,
    pods: Iterable[Json],
    *,
    at: float,
    before: Observation | None = None,
) -> Observation:
    """Read a rollout from its objects; `pods` are those of the new ReplicaSet."""
    status, spec = deployment.get("status", {}), deployment["spec"]
    staying = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    ended = (before.ended if before else frozenset()) | containers.seen_ends(staying)
    known = before.containers if before else ()
    read = containers.read(staying, at=at, ended=ended, before=known)
    seen = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    now = Observation(
        at=at,
        seen_by_controller=seen,
        wanted=spec.get("replicas", 1),
        updated=status.get("updatedReplicas", 0),
        total=status.get("replicas", 0),
        available=status.get("availableReplicas", 0),
        ready_pods=sum(containers.is_ready(pod) for pod in staying),
        template_hash=versions.template_hash(replica_set) if replica_set else "",
        containers=read,
        obstacle=_obstacle(replica_set, staying),
        deadline=_deadline(status) if seen else "",
        first_failure=_first_failure(staying, read, before),
        progressed_at=at,
        ended=ended,
    )
    return _with_progress(now, before)


def _with_progress(now: Observation, before: Observation | None) -> Observation:
    """Note the furthest point so far; only a new one is progress."""
    if before is None:
        return now.model_copy(update={"best": now.gauges})
    best = tuple(map(max, before.best, now.gauges))
    at = now.at if best != before.best else before.progressed_at
    return now.model_copy(update={"best": best, "progressed_at": at})


def _first_failure(
    pods: list[Json], read: tuple[Container, ...], before: Observation | None
) -> float | None:
    """Return the earliest failure that Kubernetes reports, remembered once it is known."""
    finished = [
        datetime.fromisoformat(ended["finishedAt"]).timestamp()
        for pod in pods
        for status in containers.statuses(pod)
        for ended in containers.terminations(status)
        if ended.get("finishedAt")
    ]
    waiting = [each.waiting_since for each in read if each.waiting_since is not None]
    known = [before.first_failure] if before and before.first_failure is not None else []
    return min([*known, *finished, *waiting], default=None)


def _obstacle(replica_set: Json | None, pods: list[Json]) -> str:
    """Return why pods are not created (quota, admission) or not placed on a node."""
    for each in (replica_set or {}).get("status", {}).get("conditions", []):
        if each["type"] == "ReplicaFailure" and each["status"] == "True":
            return str(each.get("message", each.get("reason", "pods cannot be created")))
    placed = (containers.condition(pod, "PodScheduled") for pod in pods)
    return next((each.get("message", "") for each in placed if each.get("status") == "False"), "")


def _deadline(status: Json) -> str:
    for each in status.get("conditions", []):
        if each["type"] == "Progressing" and each.get("reason") == "ProgressDeadlineExceeded":
            return str(each.get("message") or "it made no progress in time")
    return ""
