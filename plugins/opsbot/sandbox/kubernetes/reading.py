"""Lists and watches.

A list says at which version it was true; a watch from that version misses nothing. A watch whose
version is forgotten is not refused: the stream opens with 200 and its one event is an ERROR with
the status 410.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from opsbot.sandbox.kubernetes import problems, selectors
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.kinds import Resource, Target
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.routing import Query
from opsbot.sandbox.kubernetes.selectors import Requirement
from opsbot.sandbox.kubernetes.storage import Change

BOOKMARK_EVERY = 60.0
_LONGEST = 1_800


@dataclass(frozen=True)
class Filter:
    """Which objects of a kind a client wants to see."""

    resource: Resource
    namespace: str
    name: str
    labels: tuple[Requirement, ...]
    fields: str

    def wants(self, candidate: Json) -> bool:
        """Tell whether the client wants to see this object."""
        metadata = candidate["metadata"]
        return (
            self.namespace in ("", metadata.get("namespace", ""))
            and self.name in ("", metadata["name"])
            and selectors.match(self.labels, metadata.get("labels"))
            and selectors.match_fields(self.fields, candidate)
        )


def filter_of(target: Target, query: Query) -> Filter:
    """Read what a list or watch asks for."""
    labels = selectors.of_text(query.text("labelSelector"))
    return Filter(
        target.resource, target.namespace, target.name, labels, query.text("fieldSelector")
    )


def list_objects(cluster: Cluster, wanted: Filter) -> Json:
    """Answer a list."""
    with cluster.store.lock:
        items = [
            {key: value for key, value in each.items() if key not in ("apiVersion", "kind")}
            for each in cluster.store.list(wanted.resource, wanted.namespace)
            if wanted.wants(each)
        ]
        version = str(cluster.store.revision)
    return {
        "kind": f"{wanted.resource.kind}List",
        "apiVersion": wanted.resource.api_version,
        "metadata": {"resourceVersion": version},
        "items": items,
    }


def watch(cluster: Cluster, wanted: Filter, query: Query) -> Iterator[Json]:
    """Yield the events of a watch until its time is over; an empty one means still nothing."""
    seconds = min(query.number("timeoutSeconds") or _LONGEST, _LONGEST)
    ends, bookmarks = time.monotonic() + seconds, query.flag("allowWatchBookmarks")
    asked = query.text("resourceVersion")
    seen = int(asked) if asked.isdigit() else 0
    if not seen:
        listed = list_objects(cluster, wanted)
        seen = int(listed["metadata"]["resourceVersion"])
        yield from (_typed(wanted.resource, "ADDED", each) for each in listed["items"])
    elif seen < (oldest := cluster.store.oldest()):
        yield {"type": "ERROR", "object": problems.expired(seen, oldest).status()}
        return
    due = time.monotonic() + BOOKMARK_EVERY
    while (left := ends - time.monotonic()) > 0:
        changes = _await(cluster, seen, min(left, 5.0))
        seen = max([seen, *(change.revision for change in changes)])
        yield from filter(None, (_event(wanted, change) for change in changes))
        yield {}
        if bookmarks and time.monotonic() > due:
            due += BOOKMARK_EVERY
            yield _bookmark(wanted.resource, seen)
    if bookmarks:
        yield _bookmark(wanted.resource, seen)


def _await(cluster: Cluster, seen: int, seconds: float) -> list[Change]:
    with cluster.store.changed:
        changes = list(cluster.store.since(seen))
        if not changes:
            cluster.store.changed.wait(seconds)
            changes = list(cluster.store.since(seen))
        return changes


def _event(wanted: Filter, change: Change) -> Json | None:
    """Show a change as this client sees it: an object that leaves its selection is DELETED."""
    if change.resource is not wanted.resource:
        return None
    before = change.previous is not None and wanted.wants(change.previous)
    after = change.type != "DELETED" and wanted.wants(change.object)
    if not before and not after:
        return None
    type = "DELETED" if not after else "MODIFIED" if before else "ADDED"
    return _typed(wanted.resource, type, change.object)


def _typed(resource: Resource, type: str, seen: Json) -> Json:
    return {
        "type": type,
        "object": {"kind": resource.kind, "apiVersion": resource.api_version, **seen},
    }


def _bookmark(resource: Resource, seen: int) -> Json:
    return _typed(resource, "BOOKMARK", {"metadata": {"resourceVersion": str(seen)}})
