"""Events: what happened to an object, in the cluster's own words.

Equal events are one object with a growing `count`. The scheduler is the exception: its events
have an `eventTime` and neither count nor timestamps.
"""

from dataclasses import dataclass

from opsbot.sandbox.kubernetes import kinds, writing
from opsbot.sandbox.kubernetes.cluster import NODE, Cluster, micro_stamp, stamp
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.problems import Json, Problem
from opsbot.sandbox.kubernetes.storing import Writing

KEPT = 2_000


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
        same = _same(cluster, about, what)
        if same:
            _count(cluster, same)
            return
        event = _event(cluster, resource, about, what.reason, what.message)
        event |= {"type": _type(what), "source": {"component": what.component}, "count": 1}
        event |= {"firstTimestamp": stamp(), "lastTimestamp": stamp(), "eventTime": None}
        event |= {"reportingComponent": what.component, "reportingInstance": ""}
        if what.component == "kubelet":
            event["source"]["host"] = event["reportingInstance"] = NODE
        if what.field_path:
            event["involvedObject"]["fieldPath"] = what.field_path
        _keep(cluster, event)


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


def _same(cluster: Cluster, about: Json, what: Happening) -> Json | None:
    namespace = about["metadata"].get("namespace", "default")
    wanted = (about["metadata"]["uid"], what.reason, what.message, _type(what))
    for event in cluster.store.list(kinds.EVENTS, namespace):
        found = (event["involvedObject"]["uid"], event["reason"], event["message"], event["type"])
        if found == wanted and event.get("count"):
            return event
    return None


def _count(cluster: Cluster, event: Json) -> None:
    counted = {**event, "count": event["count"] + 1, "lastTimestamp": stamp()}
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
