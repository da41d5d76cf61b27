"""A Deployment's status: the counts and the two conditions that clients wait for.

`Progressing` keeps its last success for ever and turns False only when the deadline passes; it
says nothing about pods that crash. `observedGeneration` tells which spec the numbers are about.
"""

from dataclasses import dataclass

from opsbot.sandbox.kubernetes import kinds, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, now, parse, stamp
from opsbot.sandbox.kubernetes.controllers import rolling, templates
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing

_COUNTS = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
_NEVER = 2**31 - 1


def report(
    cluster: Cluster, deployment: Json, current: Json | None, owned: list[Json]
) -> float | None:
    """Write the status; return the seconds until the progress deadline, if one runs."""
    before = _status(cluster, deployment)
    after = counts(current, owned)
    after["observedGeneration"] = deployment["metadata"]["generation"]
    conditions = {each["type"]: each for each in before.get("conditions", [])}
    _set(conditions, *_availability(deployment, after))
    name = current["metadata"]["name"] if current else ""
    condition = conditions.get("Progressing", {})
    progressing = _progress(Look(deployment, before, after, condition, name))
    if progressing:
        _set(conditions, *progressing, refresh=progressing[2] == "ReplicaSetUpdated")
    after["conditions"] = list(conditions.values())
    _write(cluster, deployment, {k: v for k, v in after.items() if v != 0}, current)
    return _until_deadline(deployment, conditions.get("Progressing", {}))


def report_new(cluster: Cluster, deployment: Json, made: Json) -> None:
    """Say that a ReplicaSet was made; the rest of the status is still the old version's."""
    text = f'Created new replica set "{made["metadata"]["name"]}"'
    _put(cluster, deployment, ("Progressing", True, "NewReplicaSetCreated", text), made)


def report_pause(cluster: Cluster, deployment: Json) -> None:
    """Say that a Deployment is paused, or no longer."""
    reason = _reason(_status(cluster, deployment))
    is_paused, was_paused = deployment["spec"].get("paused"), reason == "DeploymentPaused"
    if is_paused and reason not in ("DeploymentPaused", "ProgressDeadlineExceeded"):
        text = "Deployment is paused"
        _put(cluster, deployment, ("Progressing", None, "DeploymentPaused", text), None)
    if was_paused and not is_paused:
        text = "Deployment is resumed"
        _put(cluster, deployment, ("Progressing", None, "DeploymentResumed", text), None)


def _put(cluster: Cluster, deployment: Json, told: "Told", current: Json | None) -> None:
    """Change one condition and leave the rest of the status as it is."""
    status = _status(cluster, deployment)
    conditions = {each["type"]: each for each in status.get("conditions", [])}
    if deployment["spec"]["progressDeadlineSeconds"] != _NEVER:
        _set(conditions, *told)
        status = {**status, "conditions": list(conditions.values())}
    _write(cluster, deployment, status, current)


def _reason(status: Json) -> str:
    """Return the present reason of the Progressing condition."""
    conditions = {each["type"]: each for each in status.get("conditions", [])}
    return str(conditions.get("Progressing", {}).get("reason", ""))


def _status(cluster: Cluster, deployment: Json) -> Json:
    target = kinds.target_of(kinds.DEPLOYMENTS, deployment)
    found = cluster.store.find(target) or deployment
    status: Json = found.get("status", {})
    return status


def counts(current: Json | None, owned: list[Json]) -> Json:
    """Add the ReplicaSets' numbers up."""
    statuses = [each.get("status", {}) for each in owned]
    added = {
        key: sum(each.get(key, 0) for each in statuses)
        for key in ("replicas", "readyReplicas", "availableReplicas")
    }
    updated = current.get("status", {}).get("replicas", 0) if current else 0
    wanted = sum(each["spec"]["replicas"] for each in owned)
    missing = max(0, wanted - added["availableReplicas"])
    return {**added, "updatedReplicas": updated, "unavailableReplicas": missing}


def is_complete(deployment: Json, current: Json, owned: list[Json]) -> bool:
    """Tell whether all pods are of the current template and available."""
    return _is_done(deployment, counts(current, owned))


def _is_done(deployment: Json, status: Json) -> bool:
    wanted = deployment["spec"]["replicas"]
    return all(status.get(key, 0) == wanted for key in _COUNTS if key != "readyReplicas")


def _availability(deployment: Json, status: Json) -> tuple[str, bool, str, str]:
    bounds = rolling.limits(deployment["spec"])
    if status["availableReplicas"] >= bounds.replicas - bounds.unavailable:
        text = "Deployment has minimum availability."
        return "Available", True, "MinimumReplicasAvailable", text
    text = "Deployment does not have minimum availability."
    return "Available", False, "MinimumReplicasUnavailable", text


@dataclass(frozen=True)
class Look:
    """What the Progressing condition depends on."""

    deployment: Json
    before: Json
    after: Json
    condition: Json
    current: str

    @property
    def reason(self) -> str:
        """The reason that the condition has until now."""
        return str(self.condition.get("reason", ""))


Told = tuple[str, bool | None, str, str]


def _progress(look: Look) -> Told | None:
    """Return the new Progressing condition; None to leave it as it is."""
    spec = look.deployment["spec"]
    is_rolling = look.current and not spec.get("paused")
    return _advance(look) if is_rolling and spec["progressDeadlineSeconds"] != _NEVER else None


def _advance(look: Look) -> Told | None:
    was_done = look.reason == "NewReplicaSetAvailable"
    if was_done and look.after["replicas"] == look.after["updatedReplicas"]:
        return None
    if _is_done(look.deployment, look.after):
        text = f'ReplicaSet "{look.current}" has successfully progressed.'
        return "Progressing", True, "NewReplicaSetAvailable", text
    if not look.reason:
        text = f'Found new replica set "{look.current}"'
        return "Progressing", True, "FoundNewReplicaSet", text
    return _moving(look)


def _moving(look: Look) -> Told | None:
    if _moved(look.before, look.after):
        text = f'ReplicaSet "{look.current}" is progressing.'
        return "Progressing", True, "ReplicaSetUpdated", text
    left = _until_deadline(look.deployment, look.condition)
    if left is not None and left <= 0:
        text = f'ReplicaSet "{look.current}" has timed out progressing.'
        return "Progressing", False, "ProgressDeadlineExceeded", text
    return None


def _moved(before: Json, after: Json) -> bool:
    def old_pods(status: Json) -> int:
        return int(status.get("replicas", 0)) - int(status.get("updatedReplicas", 0))

    grew = any(after[key] > before.get(key, 0) for key in _COUNTS if key != "replicas")
    return grew or old_pods(after) < old_pods(before)


def _set(
    conditions: dict[str, Json],
    type: str,
    status: bool | None,
    reason: str,
    message: str,
    *,
    refresh: bool = False,
) -> None:
    told = {True: "True", False: "False", None: "Unknown"}[status]
    old = conditions.get(type)
    if old and (old["status"], old["reason"]) == (told, reason) and not refresh:
        return
    since = old["lastTransitionTime"] if old and old["status"] == told else stamp()
    conditions.pop(type, None)
    conditions[type] = {
        "type": type,
        "status": told,
        "reason": reason,
        "message": message,
        "lastUpdateTime": stamp(),
        "lastTransitionTime": since,
    }


def _until_deadline(deployment: Json, progressing: Json) -> float | None:
    deadline = deployment["spec"]["progressDeadlineSeconds"]
    ended = ("NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused")
    if not progressing or deadline == _NEVER or progressing["reason"] in ended:
        return None
    passed = (now() - parse(progressing["lastUpdateTime"])).total_seconds()
    # Times are whole seconds: one more makes sure the deadline has really passed.
    left: float = deadline + 1 - passed
    return left


def _write(cluster: Cluster, deployment: Json, status: Json, current: Json | None) -> None:
    def change(new: Json) -> None:
        if new["metadata"]["generation"] == deployment["metadata"]["generation"]:
            new["status"] = status
        if current is not None:
            annotations = new["metadata"].setdefault("annotations", {})
            annotations[templates.REVISION] = str(templates.revision(current))

    how = Writing("kube-controller-manager", "status")
    writing.update(cluster, kinds.target_of(kinds.DEPLOYMENTS, deployment), change, how)
