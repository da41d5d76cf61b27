"""Pods: how each one lived, as its status told it.

A kubelet publishes a status when it happens to look, so short moments may be missing: a container
that runs before it ends, a wait between two others of the same kind. What is kept is what always
shows: each reason to wait when it first shows, each end, readiness as it comes and goes, and how
the pod leaves.
"""

from collections.abc import Sequence
from datetime import datetime

from tests.truth import waits
from tests.truth.recording import Change, Json, container_statuses, ends_in, identity
from tests.truth.retelling import events
from tests.truth.retelling.names import Names

LEAVING, READY, UNREADY = "the pod is to end", "is ready", "is not ready"
_BEGINNING = ("waits: ContainerCreating", "waits: PodInitializing")
PASSING = (
    *((begins, then) for begins in _BEGINNING for then in ("runs", "ends", "waits")),
    ("runs", "ends"),
    ("waits: CrashLoopBackOff", LEAVING),
)
"""What may be seen before what follows, or not."""
AT_ONCE = 6
"""A second life begins a second or two after the first, a third after a back-off of ten or more."""


def tell(life: Sequence[Change], changes: Sequence[Change], names: Names) -> Json:
    """Tell of one pod."""
    said = events.of(life[0].uid, changes, names)
    return {
        "events": events.without_chance(said),
        "phases": once([each.object["status"].get("phase", "") for each in life]),
        "containers": _containers(life, names),
        "conditions before its end": _conditions(life, names),
        "endpoint": _endpoint(life, changes),
        "end": "gone" if life[-1].type == "DELETED" else "here",
    }


def _containers(life: Sequence[Change], names: Names) -> dict[str, list[str]]:
    """Tell what each container showed, each moment when it first shows."""
    told: dict[str, _Container] = {}
    for change in life:
        probed = _probed(change.object)
        for each in container_statuses(change.object):
            name = each["name"]
            told.setdefault(name, _Container(is_probed=name in probed)).look(each)
        if "deletionTimestamp" in change.object["metadata"]:
            for container in told.values():
                container.leave()
    return {
        name: [names.plain(each) for each in _without_chance(container.told)]
        for name, container in told.items()
    }


def _probed(pod: Json) -> set[str]:
    """The containers that have a readiness probe."""
    return {each["name"] for each in pod["spec"]["containers"] if "readinessProbe" in each}


class _Container:
    """What is told of a container."""

    def __init__(self, *, is_probed: bool) -> None:
        self.told: list[str] = []
        self._is_probed = is_probed
        self._ends: list[Json] = []
        self._ready = False

    def look(self, status: Json) -> None:
        """Tell what is new in a status."""
        moments = [self._end(each) for each in ends_in(status) if self._is_new(each)]
        if LEAVING not in self.told:
            # From then on only its end is sure to show.
            moments.append(_state(status))
        new = [each for each in moments if each and each not in self.told]
        # Without a probe to be ready means to run, or to be done.
        if self._is_probed and status["ready"] != self._ready:
            self._ready = status["ready"]
            new = [*new, READY] if self._ready else [UNREADY, *new]
        self.told += new

    def leave(self) -> None:
        """Tell that the pod is to end."""
        if LEAVING not in self.told:
            self.told.append(LEAVING)

    def _is_new(self, end: Json) -> bool:
        return identity(end) not in {identity(each) for each in self._ends}

    def _end(self, end: Json) -> str:
        self._ends.append(end)
        text = f"ends: {end['reason']}, exit code {end['exitCode']}"
        if message := end.get("message"):
            text += f", {message}"
        if len(self._ends) == 1:
            return f"{text} (1)"
        return f"{text} ({len(self._ends)}, {_pause(*self._ends[-2:])})"


def _state(status: Json) -> str:
    restarts = f"(restarts: {status['restartCount']})"
    match status["state"]:
        case {"waiting": waiting}:
            text = f"waits: {waiting['reason']}: {waiting.get('message', '')}".rstrip(": ")
            return f"{text} {restarts}"
        case {"running": _}:
            return f"runs{'' if status.get('started') else ', not started'} {restarts}"
    return ""


def _pause(former: Json, latter: Json) -> str:
    """Tell how long it was from one life to the next, of which one may have failed to begin."""
    failed = latter["reason"] == "StartError"
    began, ended = latter["finishedAt" if failed else "startedAt"], former["finishedAt"]
    seconds = (datetime.fromisoformat(began) - datetime.fromisoformat(ended)).total_seconds()
    return "soon after" if seconds < AT_ONCE else "after a back-off"


def _without_chance(moments: list[str]) -> list[str]:
    """Leave out what a look may miss: what soon passes into something else."""
    return [
        each
        for each, following in zip(moments, [*moments[1:], ""], strict=True)
        if not any(each.startswith(one) and following.startswith(other) for one, other in PASSING)
    ]


def _conditions(life: Sequence[Change], names: Names) -> list[str]:
    staying = [each for each in life if "deletionTimestamp" not in each.object["metadata"]]
    conditions = staying[-1].object["status"].get("conditions", [])
    return [names.plain(condition(each)) for each in sorted(conditions, key=lambda c: c["type"])]


def condition(told: Json) -> str:
    """Write a condition in a line."""
    parts = (told["type"], told["status"], told.get("reason"), told.get("message"))
    return " ".join(part for part in parts if part)


def _endpoint(life: Sequence[Change], changes: Sequence[Change]) -> list[str]:
    """Tell how the Service saw the pod; that it serves on only shows if its end takes time."""
    told = []
    for change in changes:
        if change.kind == "EndpointSlice":
            for each in change.object.get("endpoints") or []:
                if each["targetRef"]["uid"] == life[0].uid:
                    conditions = each["conditions"]
                    told.append(", ".join(key for key in conditions if conditions[key]) or "none")
    lasting = "serving, terminating" if _sleeps_before_its_end(life[0].object) else None
    told = once([each for each in told if "terminating" not in each or each == lasting])
    # A slice that is written after the pod is ready never showed it unready.
    return told[1:] if told[:2] == ["none", "ready, serving"] else told


def _sleeps_before_its_end(pod: Json) -> bool:
    return any("preStop" in each.get("lifecycle", {}) for each in pod["spec"]["containers"])


def once(told: Sequence[str]) -> list[str]:
    """Fold what is said several times in a row."""
    return [each for at, each in enumerate(told) if at == 0 or each != told[at - 1]]


def turning_points(life: Sequence[Change]) -> list[tuple[int, str]]:
    """When a pod became ready or unready or was told to end, by the cluster's count."""
    found: list[tuple[int, str]] = []
    ready = False
    for change in life:
        if "deletionTimestamp" in change.object["metadata"]:
            found.append((change.revision, "is to end"))
            break
        if waits.is_ready(change.object) != ready:
            ready = not ready
            found.append((change.revision, "is ready" if ready else "is not ready"))
    return found
