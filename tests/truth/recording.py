"""What happens in a namespace, as watches report it: every change of every object, in order.

Watches of different kinds are separate connections. Their changes are put into one order by
resourceVersion, which a cluster counts over all its objects.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from urllib3.exceptions import HTTPError

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster

Json = dict[str, Any]
KINDS = ("Deployment", "ReplicaSet", "Pod", "Event", "EndpointSlice")
LONGEST = 900
"""Seconds after which the server may end a watch; no story takes as long."""


class Stuck(Exception):
    """What a story waits for did not come."""


@dataclass(frozen=True)
class Change:
    """One object as it is after a change; a deleted one as it was."""

    kind: str
    type: str
    object: Json

    @property
    def revision(self) -> int:
        """The cluster's count of changes at this one."""
        return int(self.object["metadata"]["resourceVersion"])

    @property
    def uid(self) -> str:
        """Which object it is, whatever its name."""
        return str(self.object["metadata"]["uid"])


@dataclass
class World:
    """What is there now, and how containers ended so far."""

    here: dict[str, dict[str, Json]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    ends: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The ended lives of each container of each pod (uid, name), by container id."""

    def take(self, change: Change) -> None:
        """Note a change."""
        if change.type == "DELETED":
            self.here[change.kind].pop(change.uid, None)
        else:
            self.here[change.kind][change.uid] = change.object
        if change.kind == "Pod":
            for status in container_statuses(change.object):
                ended = self.ends.setdefault((change.uid, status["name"]), set())
                ended.update(identity(each) for each in ends_in(status))


def container_statuses(pod: Json) -> list[Json]:
    """The statuses of all containers of a pod, those that start first at the front."""
    groups = ("initContainerStatuses", "containerStatuses")
    return [each for group in groups for each in pod["status"].get(group, [])]


def identity(end: Json) -> str:
    """Which life it was that ended; one that a kubelet lost sight of has no id."""
    return str(end.get("containerID", ""))


def ends_in(status: Json) -> list[Json]:
    """The ends that a container's status shows, older first."""
    shown = (status.get(each, {}).get("terminated") for each in ("lastState", "state"))
    return [each for each in shown if each]


class Recorder:
    """Watches a namespace from its beginning."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster, self._namespace = cluster, namespace
        self._changed = threading.Condition()
        self._changes: list[Change] = []
        self._world = World()
        self._faults: list[Exception] = []
        self._answers = [self._open(kind) for kind in KINDS]
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._follow, args=pair, daemon=True)
            for pair in zip(KINDS, self._answers, strict=True)
        ]
        for thread in self._threads:
            thread.start()

    def _open(self, kind: str) -> Any:
        return self._cluster.api.call_api(
            objects.path(kind, self._namespace),
            "GET",
            query_params=[("watch", "true"), ("timeoutSeconds", str(LONGEST))],
            auth_settings=["BearerToken"],
            _preload_content=False,
            _request_timeout=(5, LONGEST + 15),
        )

    def _follow(self, kind: str, answer: Any) -> None:
        try:
            for line in answer:
                self._note(kind, json.loads(line))
        except Exception as fault:  # whatever it is, whoever waits for the story must hear of it
            if not self._stopped:
                self._fail(fault)
        else:
            if not self._stopped:
                self._fail(Stuck(f"the watch of {kind} objects ended"))

    def _note(self, kind: str, event: Json) -> None:
        if event["type"] == "ERROR":
            raise ValueError(str(event["object"]))
        change = Change(kind, event["type"], event["object"])
        with self._changed:
            self._changes.append(change)
            self._world.take(change)
            self._changed.notify_all()

    def _fail(self, fault: Exception) -> None:
        with self._changed:
            self._faults.append(fault)
            self._changed.notify_all()

    def wait(self, so: Callable[[World], bool], *, still: float, seconds: float) -> None:
        """Wait until something is so, and stays so for `still` seconds."""
        ends, since = time.monotonic() + seconds, None
        with self._changed:
            while True:
                if self._faults:
                    raise self._faults[0]
                now = time.monotonic()
                since = (since or now) if so(self._world) else None
                if since is not None and now - since >= still:
                    return
                if now > ends:
                    raise Stuck(f"not within {seconds:.0f} seconds")
                self._changed.wait(min(0.2, ends - now) if since is None else still / 10)

    def stop(self) -> tuple[Change, ...]:
        """End the watches; return all changes in the order in which they happened."""
        self._stopped = True
        for answer in self._answers:
            # One that has failed cannot be shut down any more.
            with contextlib.suppress(HTTPError, OSError, RuntimeError):
                answer.shutdown()
        for thread in self._threads:
            thread.join(5)
        return tuple(sorted(self._changes, key=lambda each: each.revision))
