"""List the cluster's events about a Deployment, its ReplicaSets and its pods.

Events have two forms: those of kubelet and controllers have `count` and `lastTimestamp`, those of
the scheduler an `eventTime`, a `series` and neither. Pods that are gone are still told about; they
are known by their ReplicaSet's name.
"""

from collections.abc import Container

from opsbot.capabilities.kubernetes.get_events import GetEvents
from opsbot.integrations.kubernetes import objects, replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

_LONGEST = 500


class ClusterEvent(Value):
    """Something the cluster noted, once or many times."""

    at: str
    """When it was noted last, RFC 3339."""
    object: str
    """`Pod my-application-5c9f-x2x1`"""
    reason: str
    message: str
    count: int


class EventsOutput(Value):
    """The latest events, newest first."""

    deployment: str
    namespace: str
    events: tuple[ClusterEvent, ...] = ()
    left_off: int = 0
    """Older ones that are not listed."""


def run(cluster: Cluster, params: GetEvents, *, say: Say) -> EventsOutput:
    """Return the events; a Deployment that is not there has none."""
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    found = _about(cluster, params, live) if live else []
    events = sorted((_event(each) for each in found), key=lambda each: each.at, reverse=True)
    shown = tuple(events[: params.limit])
    for each in shown:
        say(f"{each.object}: {each.reason} ({each.count}x): {each.message}")
    return EventsOutput(
        deployment=params.deployment_name,
        namespace=params.namespace,
        events=shown,
        left_off=len(events) - len(shown),
    )


def _about(cluster: Cluster, params: GetEvents, live: Json) -> list[Json]:
    """Choose among a namespace's events those about the Deployment and what it controls."""
    sets = replica_sets.of_deployment(cluster, live)
    uids = {each["metadata"]["uid"] for each in (live, *sets)}
    names = {objects.name_of(each) for each in sets}
    listed = cluster.list("Event", params.namespace, fields=f"type={params.type}")
    return [each for each in listed if _is_about(each["involvedObject"], uids, names)]


def _is_about(involved: Json, uids: Container[str], replica_set_names: Container[str]) -> bool:
    """Tell whether an event's object is one of these, or a pod that one of them made."""
    if involved.get("kind") == "Pod":
        return str(involved.get("name", "")).rpartition("-")[0] in replica_set_names
    return str(involved.get("uid")) in uids


def _event(event: Json) -> ClusterEvent:
    involved, series = event["involvedObject"], event.get("series") or {}
    moments = (
        series.get("lastObservedTime"),
        event.get("lastTimestamp"),
        event.get("eventTime"),
        event["metadata"].get("creationTimestamp"),
    )
    return ClusterEvent(
        at=next((str(each) for each in moments if each), ""),
        object=f"{involved.get('kind', '')} {involved.get('name', '')}",
        reason=str(event.get("reason") or ""),
        message=redact(str(event.get("message") or ""))[:_LONGEST],
        count=int(series.get("count") or event.get("count") or 1),
    )
