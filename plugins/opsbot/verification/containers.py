"""The containers of pods: how each stands, how often it ended, and what it waits for.

- A container's ends are counted by its containerIDs, because between two looks a whole life may
  pass; `restartCount` is the floor for those that nobody saw. While a container waits after an
  end, `restartCount` is one less than its ends. Each container counts alone.
- `ErrImagePull` and `ImagePullBackOff` take turns over one trouble: its clock starts with the
  first of either.
- An init container that ended with 0 did its work; a native sidecar goes on for ever.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from opsbot.vocabulary.model import Value

Json = Mapping[str, Any]
Ended = frozenset[tuple[str, str, str]]
"""(pod uid, container, containerID) of every end that was seen."""

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
    lasting: str = ""
    """Why it will end again at every start, where that is proven."""


def read(
    pods: Iterable[Json], *, at: float, ended: Ended = frozenset(), before: Iterable[Container] = ()
) -> tuple[Container, ...]:
    """Read the containers of pods; `ended` and `before` are what earlier looks remember."""
    pods, known = list(pods), tuple(before)
    ended = ended | seen_ends(pods)
    return tuple(_container(pod, each, ended, at, known) for pod in pods for each in statuses(pod))


def statuses(pod: Json) -> list[dict[str, Any]]:
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


def terminations(status: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ends that a container's status shows, the latest first."""
    states = (status.get("state", {}), status.get("lastState", {}))
    return [state["terminated"] for state in states if "terminated" in state]


def seen_ends(pods: Iterable[Json]) -> Ended:
    """Return every end that the pods' statuses show."""
    return frozenset(
        (pod["metadata"]["uid"], status["name"], ended.get("containerID", ""))
        for pod in pods
        for status in statuses(pod)
        for ended in terminations(status)
        if ended.get("containerID")
    )


def _container(
    pod: Json,
    status: dict[str, Any],
    ended: Ended,
    at: float,
    before: tuple[Container, ...],
) -> Container:
    name, state = status["name"], status.get("state", {})
    ends = terminations(status)
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


def _since(pod: str, name: str, at: float, before: tuple[Container, ...]) -> float:
    """Return since when the container waits, across the changing names of one trouble."""
    known = (each.waiting_since for each in before if (each.pod, each.name) == (pod, name))
    return next((since for since in known if since is not None), at)


def condition(pod: Json, kind: str) -> dict[str, Any]:
    """Return a pod's condition of that kind; empty where it has none."""
    conditions: list[dict[str, Any]] = pod.get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == kind), {})


def is_ready(pod: Json) -> bool:
    """Tell whether a pod may get requests."""
    return bool(condition(pod, "Ready").get("status") == "True")
