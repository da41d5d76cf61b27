"""What a rollout shows of itself: the Deployment, its newest ReplicaSet and that one's pods.

Reading it right needs some care, all of it seen on real clusters:

- Right after an apply the status is still the old version's and looks complete, until
  `observedGeneration` reaches the new generation.
- The new ReplicaSet is the one whose template equals the Deployment's. Neither the youngest nor
  the highest number will do: going back re-uses an old ReplicaSet.
- A container's ends are counted by its containerIDs, because between two looks a whole life may
  pass; `restartCount` is the floor for those that nobody saw. While a container waits after an
  end, `restartCount` is one less than its ends. Each container counts alone.
- A pod that is being deleted ends somehow; that means nothing.
- `ErrImagePull` and `ImagePullBackOff` take turns over one trouble: its clock starts with the
  first of either.

An observation carries the memory of those before it, so it can be read from a recording as well.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from opsbot.vocabulary.model import Value

Json = Mapping[str, Any]

_STARTING = frozenset({"", "ContainerCreating", "PodInitializing"})


class End(Value):
    """How a container's last life ended."""

    reason: str
    exit_code: int
    message: str = ""


class Container(Value):
    """One container of a new pod."""

    pod: str
    name: str
    ends: int = 0
    running: bool = False
    waiting: str = ""
    """The reason it waits for, unless it is only starting."""
    message: str = ""
    waiting_since: float | None = None
    end: End | None = None


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
    def progress(self) -> tuple[int, int, int, int]:
        """What must change now and then, or the rollout is stuck."""
        return (self.updated, self.total, self.available, self.ready_pods)


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
    ended = (before.ended if before else frozenset()) | _seen_ends(staying)
    containers = tuple(
        _container(pod, each, ended, at, before) for pod in staying for each in _statuses(pod)
    )
    seen = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    now = Observation(
        at=at,
        seen_by_controller=seen,
        wanted=spec.get("replicas", 1),
        updated=status.get("updatedReplicas", 0),
        total=status.get("replicas", 0),
        available=status.get("availableReplicas", 0),
        ready_pods=sum(_condition(pod, "Ready").get("status") == "True" for pod in staying),
        template_hash=_template_hash(replica_set),
        containers=containers,
        obstacle=_obstacle(replica_set, staying),
        deadline=_deadline(status) if seen else "",
        first_failure=_first_failure(staying, containers, before),
        progressed_at=at,
        ended=ended,
    )
    if before is not None and before.progress == now.progress:
        return now.model_copy(update={"progressed_at": before.progressed_at})
    return now


def _statuses(pod: Json) -> list[dict[str, Any]]:
    """Return the statuses of the pod's containers, without init containers that did their work."""
    status = pod.get("status", {})
    forever = {
        each["name"]
        for each in pod["spec"].get("initContainers", [])
        if each.get("restartPolicy") == "Always"
    }
    begun = [
        each
        for each in status.get("initContainerStatuses", [])
        if each["name"] in forever or not _has_succeeded(each)
    ]
    return [*begun, *status.get("containerStatuses", [])]


def _has_succeeded(status: dict[str, Any]) -> bool:
    ended = status.get("state", {}).get("terminated")
    return ended is not None and ended.get("exitCode") == 0


def _terminations(status: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ends that a container's status shows, the latest first."""
    states = (status.get("state", {}), status.get("lastState", {}))
    return [state["terminated"] for state in states if "terminated" in state]


def _seen_ends(pods: list[Json]) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (pod["metadata"]["uid"], status["name"], ended.get("containerID", ""))
        for pod in pods
        for status in _statuses(pod)
        for ended in _terminations(status)
        if ended.get("containerID")
    )


def _container(
    pod: Json,
    status: dict[str, Any],
    ended: frozenset[tuple[str, str, str]],
    at: float,
    before: Observation | None,
) -> Container:
    name, state = status["name"], status.get("state", {})
    ends = _terminations(status)
    waiting = state.get("waiting", {})
    reason = "" if waiting.get("reason", "") in _STARTING else waiting["reason"]
    restarts = status.get("restartCount", 0)
    counted = restarts if "running" in state or not ends else restarts + 1
    known = sum(1 for uid, each, _ in ended if (uid, each) == (pod["metadata"]["uid"], name))
    return Container(
        pod=pod["metadata"]["name"],
        name=name,
        ends=max(counted, known),
        running="running" in state,
        waiting=reason,
        message=waiting.get("message", ""),
        waiting_since=_since(pod["metadata"]["name"], name, at, before) if reason else None,
        end=_end(ends[0]) if ends else None,
    )


def _end(ended: dict[str, Any]) -> End:
    return End(
        reason=ended.get("reason", "Error"),
        exit_code=ended.get("exitCode", -1),
        message=ended.get("message", ""),
    )


def _since(pod: str, name: str, at: float, before: Observation | None) -> float:
    """Return since when the container waits, across the changing names of one trouble."""
    earlier = before.containers if before else ()
    known = (each.waiting_since for each in earlier if (each.pod, each.name) == (pod, name))
    return next((since for since in known if since is not None), at)


def _first_failure(
    pods: list[Json], containers: tuple[Container, ...], before: Observation | None
) -> float | None:
    """Return the earliest failure that Kubernetes reports, remembered once it is known."""
    finished = [
        datetime.fromisoformat(ended["finishedAt"]).timestamp()
        for pod in pods
        for status in _statuses(pod)
        for ended in _terminations(status)
        if ended.get("finishedAt")
    ]
    waiting = [each.waiting_since for each in containers if each.waiting_since is not None]
    known = [before.first_failure] if before and before.first_failure is not None else []
    return min([*known, *finished, *waiting], default=None)


def _obstacle(replica_set: Json | None, pods: list[Json]) -> str:
    """Return why pods are not created (quota, admission) or not placed on a node."""
    for each in (replica_set or {}).get("status", {}).get("conditions", []):
        if each["type"] == "ReplicaFailure" and each["status"] == "True":
            return str(each.get("message", each.get("reason", "pods cannot be created")))
    placed = (_condition(pod, "PodScheduled") for pod in pods)
    return next((each.get("message", "") for each in placed if each.get("status") == "False"), "")


def _deadline(status: Json) -> str:
    for each in status.get("conditions", []):
        if each["type"] == "Progressing" and each.get("reason") == "ProgressDeadlineExceeded":
            return str(each.get("message") or "it made no progress in time")
    return ""


def _condition(pod: Json, kind: str) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = pod.get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == kind), {})


def _template_hash(replica_set: Json | None) -> str:
    labels = (replica_set or {}).get("metadata", {}).get("labels", {})
    return str(labels.get("pod-template-hash", ""))
