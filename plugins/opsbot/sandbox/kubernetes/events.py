"""Events: what happened to an object, in the cluster's own words.

Equal events are one object with a growing `count`; from the tenth on, those that differ in their
message alone are folded into one as well, which has the latest of their messages. The scheduler is
the exception: its events have an `eventTime` and neither count nor timestamps.
"""

from dataclasses import dataclass

from opsbot.sandbox.kubernetes import kinds, writing
from opsbot.sandbox.kubernetes.cluster import NODE, Cluster, micro_stamp, stamp
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.problems import Json, Problem
from opsbot.sandbox.kubernetes.storing import Writing

KEPT, FOLDED_FROM = 2_000, 10
_FOLDED = "(combined from similar events): "


@dataclass(frozen=True)
class Happening:
    """What happened, and who says so."""

    component: str
    reason: str
    message: str
    warning: bool = False
    field_path: str = ""


def record(cluster: Cluster, resource: Resource, about: Json, what: Happening) -> None:
    """Tell of something that happened, or that it happened once more."""
    with cluster.store.lock:
        similar = _similar(cluster, about, what)
        message = what.message
        if message not in similar and len(similar) >= FOLDED_FROM - 1:
            message = f"{_FOLDED}{message}"
        known = similar.get(message) or _folded(similar, message)
        if known:
            _count(cluster, known, message)
            return
        event = _event(cluster, resource, about, what.reason, message)
        event |= {"type": _type(what), "source": {"component": what.component}, "count": 1}
        event |= {"firstTimestamp": stamp(), "lastTimestamp": stamp(), "eventTime": None}
        event |= {"reportingComponent": what.component, "reportingInstance": ""}
        if what.component == "kubelet":
            event["source"]["host"] = event["reportingInstance"] = NODE
        if what.field_path:
            event["involvedObject"]["fieldPath"] = what.field_path
        _keep(cluster, event)


def _folded(similar: dict[str, Json], message: str) -> Json | None:
    """Return the one event that stands for many, if this message is to join it."""
    if not message.startswith(_FOLDED):
        return None
    return next((each for text, each in similar.items() if text.startswith(_FOLDED)), None)


def _type(what: Happening) -> str:
    return "Warning" if what.warning else "Normal"


def record_scheduling(cluster: Cluster, pod: Json, reason: str, message: str) -> None:
    """Tell of a scheduler's decision, in its newer form of event."""
    event = _event(cluster, kinds.PODS, pod, reason, message)
    event |= {"type": "Normal" if reason == "Scheduled" else "Warning", "source": {}}
    event |= {"action": "Binding" if reason == "Scheduled" else "Scheduling"}
    event |= {"eventTime": micro_stamp(), "firstTimestamp": None, "lastTimestamp": None}
    event |= {"reportingComponent": "default-scheduler", "reportingInstance": NODE}
    _keep(cluster, event)


def _similar(cluster: Cluster, about: Json, what: Happening) -> dict[str, Json]:
    """Return the events that tell of the same kind of thing about an object, by message."""
    namespace = about["metadata"].get("namespace", "default")
    wanted = (about["metadata"]["uid"], what.reason, _type(what))
    return {
        event["message"]: event
        for event in cluster.store.list(kinds.EVENTS, namespace)
        if (event["involvedObject"]["uid"], event["reason"], event["type"]) == wanted
        and event.get("count")
    }


def _count(cluster: Cluster, event: Json, message: str) -> None:
    counted = {**event, "message": message, "count": event["count"] + 1, "lastTimestamp": stamp()}
    cluster.store.put(kinds.EVENTS, counted)


def _event(cluster: Cluster, resource: Resource, about: Json, reason: str, message: str) -> Json:
    metadata = about["metadata"]
    name = f"{metadata['name']}.{cluster.chance.getrandbits(64):016x}"
    involved = {
        "kind": resource.kind,
        "apiVersion": resource.api_version,
        "name": metadata["name"],
        "uid": metadata["uid"],
        "resourceVersion": metadata["resourceVersion"],
    }
    if resource.namespaced:
        involved["namespace"] = metadata["namespace"]
    return {
        "metadata": {"name": name},
        "involvedObject": involved,
        "reason": reason,
        "message": message,
    }


def _keep(cluster: Cluster, event: Json) -> None:
    namespace = event["involvedObject"].get("namespace", "default")
    try:
        writing.create(cluster, kinds.Target(kinds.EVENTS, namespace), event, Writing("sandbox"))
    except Problem:
        return  # the namespace is gone, and its events with it
    known = cluster.store.list(kinds.EVENTS)
    if len(known) > KEPT:
        oldest = min(known, key=lambda each: int(each["metadata"]["resourceVersion"]))
        cluster.store.remove(kinds.EVENTS, oldest)
