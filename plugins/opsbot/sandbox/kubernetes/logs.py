"""Reading logs: which run's log a client means, and how much of it.

The refusals are 400s that say in words why there is no log; a pod that never was scheduled has an
empty one.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from opsbot.sandbox.kubernetes import problems, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, now, parse
from opsbot.sandbox.kubernetes.kinds import Target
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.routing import Query

_POLL = 0.2
_WAITING = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}


@dataclass(frozen=True)
class Log:
    """The log of one run of a container."""

    pod: Target
    container: str
    file: Path


def read(cluster: Cluster, target: Target, query: Query) -> Iterator[bytes]:
    """Return a log in pieces; refuse at once, not in the middle of the stream."""
    pod = writing.existing(cluster, target)
    name = query.text("container") or _only_container(pod)
    if (tail := query.number("tailLines")) is not None and tail < 0:
        cause = problems.cause(
            "tailLines", f"Invalid value: {tail}: must be greater than or equal to 0"
        )
        raise problems.invalid("PodLogOptions", "", "", [cause])
    file = _file(cluster, pod, name, previous=query.flag("previous"))
    if file is None:
        return iter(())
    return _pieces(cluster, Log(target, name, file), query)


def _only_container(pod: Json) -> str:
    names = [each["name"] for each in pod["spec"]["containers"]]
    if len(names) == 1:
        return str(names[0])
    choice = f"choose one of: [{' '.join(names)}]"
    about = f"a container name must be specified for pod {pod['metadata']['name']}"
    raise problems.bad_request(f"{about}, {choice}")


def _file(cluster: Cluster, pod: Json, name: str, *, previous: bool) -> Path | None:
    spec, status = pod["spec"], pod["status"]
    known = [each["name"] for each in [*spec["containers"], *spec.get("initContainers", [])]]
    about = f'container "{name}" in pod "{pod["metadata"]["name"]}"'
    if name not in known:
        raise problems.bad_request(
            f"container {name} is not valid for pod {pod['metadata']['name']}"
        )
    statuses = status.get("containerStatuses", []) + status.get("initContainerStatuses", [])
    found = next((each for each in statuses if each["name"] == name), None)
    if found is None:
        return None
    identity = _run(found, about, previous=previous).removeprefix("containerd://")
    uid = str(pod["metadata"]["uid"])
    return cluster.state / "pods" / uid / name / f"{identity}.log"


def _run(status: Json, about: str, *, previous: bool) -> str:
    state = status["state"]
    last = str(status.get("lastState", {}).get("terminated", {}).get("containerID", ""))
    if previous:
        if not last:
            raise problems.bad_request(f"previous terminated {about} not found")
        return last
    if "running" in state:
        return str(status["containerID"])
    if ended := state.get("terminated", {}).get("containerID"):
        return str(ended)
    if last:
        return last
    reason = state.get("waiting", {}).get("reason", "ContainerCreating")
    why = _WAITING.get(reason, reason)
    raise problems.bad_request(f"{about} is waiting to start: {why}")


def _pieces(cluster: Cluster, log: Log, query: Query) -> Iterator[bytes]:
    left = query.number("limitBytes")
    raw = log.file.read_bytes() if log.file.exists() else b""
    raw = raw[: raw.rfind(b"\n") + 1]
    for line in _chosen(raw, query):
        piece = line if left is None else line[:left]
        left = None if left is None else left - len(piece)
        yield piece
        if left == 0:
            return
    if query.flag("follow"):
        yield from _growing(cluster, log, len(raw), query)


def _chosen(raw: bytes, query: Query) -> list[bytes]:
    lines = raw.splitlines(keepends=True)
    if since := _since(query):
        lines = [line for line in lines if line.split(b" ", 1)[0].decode() >= since]
    tail = query.number("tailLines")
    if tail is not None:
        lines = lines[-tail:] if tail else []
    return [_shown(line, query) for line in lines]


def _since(query: Query) -> str:
    if seconds := query.number("sinceSeconds"):
        return (now() - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if moment := query.text("sinceTime"):
        return parse(moment).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return ""


def _shown(line: bytes, query: Query) -> bytes:
    return line if query.flag("timestamps") else line.split(b" ", 1)[1]


def _growing(cluster: Cluster, log: Log, position: int, query: Query) -> Iterator[bytes]:
    """Follow a run until it has ended; empty pieces let the connection be checked."""
    ended = False
    while not ended:
        ended = _has_ended(cluster, log)
        with log.file.open("rb") as source:
            source.seek(position)
            raw = source.read()
        whole = raw[: raw.rfind(b"\n") + 1]
        position += len(whole)
        yield b"".join(_shown(line, query) for line in whole.splitlines(keepends=True))
        if not ended:
            time.sleep(_POLL)


def _has_ended(cluster: Cluster, log: Log) -> bool:
    pod = cluster.store.find(log.pod)
    for status in pod["status"].get("containerStatuses", []) if pod else []:
        if status["name"] == log.container and "running" in status["state"]:
            return str(status["containerID"]).removeprefix("containerd://") != log.file.stem
    return True
