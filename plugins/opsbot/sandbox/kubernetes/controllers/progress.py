"""A Deployment's status: the counts and the two conditions that clients wait for.

`Progressing` keeps its last success for ever and turns False only when the deadline passes; it
says nothing about pods that crash. `observedGeneration` tells which spec the numbers are about.
"""

from opsbot.sandbox.kubernetes import kinds, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, now, parse, stamp
from opsbot.sandbox.kubernetes.controllers import rolling, templates
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.writing import Writing

_COUNTS = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
_NEVER = 2**31 - 1


def report(
    cluster: Cluster, deployment: Json, current: Json | None, owned: list[Json], made: str
) -> float | None:
    """Write the status; return the seconds until the progress deadline, if one runs."""
    before = deployment.get("status", {})
    after = counts(current, owned)
    after["observedGeneration"] = deployment["metadata"]["generation"]
    conditions = {each["type"]: each for each in before.get("conditions", [])}
    _set(conditions, *_availability(deployment, after))
    progressing = _progress(deployment, before, after, conditions, current, made)
    if progressing:
        fresh = progressing[2] == "ReplicaSetUpdated" or bool(made)
        _set(conditions, *progressing, refresh=fresh)
    after["conditions"] = list(conditions.values())
    _write(cluster, deployment, {k: v for k, v in after.items() if v != 0}, current)
    return _until_deadline(deployment, conditions.get("Progressing"))


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


def _progress(
    deployment: Json,
    before: Json,
    after: Json,
    conditions: dict[str, Json],
    current: Json | None,
    made: str,
) -> tuple[str, bool | None, str, str] | None:
    """Return the new Progressing condition; None to leave it as it is."""
    reason = conditions.get("Progressing", {}).get("reason", "")
    if deployment["spec"].get("paused"):
        if reason == "DeploymentPaused":
            return None
        return "Progressing", None, "DeploymentPaused", "Deployment is paused"
    if reason == "DeploymentPaused":
        return "Progressing", None, "DeploymentResumed", "Deployment is resumed"
    if current is None or deployment["spec"]["progressDeadlineSeconds"] == _NEVER:
        return None
    name = current["metadata"]["name"]
    if made:
        text = f'Created new replica set "{made}"'
        return "Progressing", True, "NewReplicaSetCreated", text
    if reason == "NewReplicaSetAvailable" and after["replicas"] == after["updatedReplicas"]:
        return None
    if _is_done(deployment, after):
        text = f'ReplicaSet "{name}" has successfully progressed.'
        return "Progressing", True, "NewReplicaSetAvailable", text
    if not reason:
        return "Progressing", True, "FoundNewReplicaSet", f'Found new replica set "{name}"'
    if _moved(before, after):
        text = f'ReplicaSet "{name}" is progressing.'
        return "Progressing", True, "ReplicaSetUpdated", text
    left = _until_deadline(deployment, conditions.get("Progressing"))
    if left is not None and left <= 0:
        text = f'ReplicaSet "{name}" has timed out progressing.'
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


def _until_deadline(deployment: Json, progressing: Json | None) -> float | None:
    deadline = deployment["spec"]["progressDeadlineSeconds"]
    ended = ("NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused")
    if progressing is None or deadline == _NEVER or progressing["reason"] in ended:
        return None
    passed = (now() - parse(progressing["lastUpdateTime"])).total_seconds()
    # Times are whole seconds: one more makes sure the deadline has really passed.
    left: float = deadline + 1 - passed
    return left


def _write(cluster: Cluster, deployment: Json, status: Json, current: Json | None) -> None:
    def change(new: Json) -> None:
        if new["metadata"]["generation"] == status["observedGeneration"]:
            new["status"] = status
        if current is not None:
            annotations = new["metadata"].setdefault("annotations", {})
            annotations[templates.REVISION] = str(templates.revision(current))

    metadata = deployment["metadata"]
    how = Writing("kube-controller-manager", "status")
    writing.update(cluster, kinds.DEPLOYMENTS, metadata["namespace"], metadata["name"], change, how)
