"""The objects, their versions and the recent past.

All objects share one counter, as in etcd: a `resourceVersion` says both which state of an object
this is and from where to watch on. Stored objects are never changed in place, so a reader may
keep one without copying. The history is finite: who asks for more gets 410 and lists again.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from opsbot.sandbox.kubernetes.kinds import Resource, Target
from opsbot.sandbox.kubernetes.problems import Json

HISTORY = 5_000
FIRST_REVISION = 1_000
"""Where versions begin; whoever asks for what was before is told that it is forgotten."""

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Change:
    """One write: what an object became, and what it was."""

    revision: int
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: Resource
    object: Json
    previous: Json | None


class Store:
    """All objects of the cluster; `lock` makes a read-modify-write atomic."""

    def __init__(self, history: int = HISTORY) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.revision = FIRST_REVISION
        self._objects: dict[Key, Json] = {}
        self._history: deque[Change] = deque(maxlen=history)
        self._listeners: list[Callable[[Change], None]] = []

    def subscribe(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` for each change, under the lock: it must only take note."""
        self._listeners.append(listener)

    def get(self, resource: Resource, namespace: str, name: str) -> Json | None:
        """Return the stored object, not to be changed."""
        with self.lock:
            return self._objects.get((resource.plural, namespace, name))

    def find(self, target: Target) -> Json | None:
        """Return the object that a target points to, not to be changed."""
        return self.get(target.resource, target.namespace, target.name)

    def list(self, resource: Resource, namespace: str = "") -> list[Json]:
        """Return a kind's objects, of one namespace or of all, by name."""
        with self.lock:
            return [
                self._objects[key]
                for key in sorted(self._objects)
                if key[0] == resource.plural and namespace in ("", key[1])
            ]

    def put(self, resource: Resource, new: Json) -> Json:
        """Store an object under a new version."""
        with self.lock:
            previous = self._objects.get(key_of(resource, new))
            stored = self._versioned(new)
            self._objects[key_of(resource, new)] = stored
            self._tell("MODIFIED" if previous else "ADDED", resource, stored, previous)
            return stored

    def remove(self, resource: Resource, old: Json) -> Json:
        """Forget an object; watchers see its last state under a new version."""
        with self.lock:
            del self._objects[key_of(resource, old)]
            gone = self._versioned(old)
            self._tell("DELETED", resource, gone, old)
            return gone

    def since(self, revision: int) -> Iterator[Change]:
        """Return the changes after `revision`, oldest first; call under the lock."""
        newer = []
        for change in reversed(self._history):
            if change.revision <= revision:
                break
            newer.append(change)
        return reversed(newer)

    def oldest(self) -> int:
        """Return the oldest version from which a watch can go on."""
        forgotten = len(self._history) == self._history.maxlen
        return self._history[0].revision - 1 if forgotten else FIRST_REVISION

    def _versioned(self, new: Json) -> Json:
        self.revision += 1
        return {**new, "metadata": {**new["metadata"], "resourceVersion": str(self.revision)}}

    def _tell(
        self,
        type: Literal["ADDED", "MODIFIED", "DELETED"],
        resource: Resource,
        new: Json,
        previous: Json | None,
    ) -> None:
        change = Change(self.revision, type, resource, new, previous)
        self._history.append(change)
        for listener in self._listeners:
            listener(change)
        self.changed.notify_all()


def key_of(resource: Resource, stored: Json) -> Key:
    """Name the place of an object."""
    metadata = stored["metadata"]
    return resource.plural, metadata.get("namespace", ""), metadata["name"]
