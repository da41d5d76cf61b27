"""The ReplicaSet controller: as many pods as wanted, the least useful ones leave first."""

import copy

from opsbot.sandbox.kubernetes import deletion, events, kinds, writing
from opsbot.sandbox.kubernetes.cluster import Cluster, now, parse
from opsbot.sandbox.kubernetes.controllers import templates
from opsbot.sandbox.kubernetes.events import Happening
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing

_WE = Writing("kube-controller-manager")


def look(cluster: Cluster, namespace: str, name: str) -> float | None:
    """Create or delete pods until their number is right, and report."""
    replica_set = cluster.store.get(kinds.REPLICA_SETS, namespace, name)
    if replica_set is None:
        return None
    if "deletionTimestamp" not in replica_set["metadata"]:
        _correct(cluster, replica_set)
    pods = _active(cluster, replica_set)
    least = replica_set["spec"].get("minReadySeconds", 0)
    _report(cluster, replica_set, pods, least)
    waits = [left for pod in pods if (left := until_available(pod, least)) is not None and left > 0]
    return min(waits, default=None)


def _active(cluster: Cluster, replica_set: Json) -> list[Json]:
    namespace = replica_set["metadata"]["namespace"]
    return [
        pod
        for pod in cluster.store.list(kinds.PODS, namespace)
        if templates.is_controlled_by(pod, replica_set)
        and "deletionTimestamp" not in pod["metadata"]
        and pod["status"].get("phase") not in ("Succeeded", "Failed")
    ]


def _correct(cluster: Cluster, replica_set: Json) -> None:
    pods = _active(cluster, replica_set)
    missing = replica_set["spec"]["replicas"] - len(pods)
    for _ in range(missing):
        _create(cluster, replica_set)
    for pod in sorted(pods, key=_usefulness)[: max(0, -missing)]:
        name = pod["metadata"]["name"]
        deletion.delete(cluster, kinds.target_of(kinds.PODS, pod), {}, dry_run=False)
        _tell(cluster, replica_set, "SuccessfulDelete", f"Deleted pod: {name}")


def _create(cluster: Cluster, replica_set: Json) -> None:
    template = copy.deepcopy(replica_set["spec"]["template"])
    name = replica_set["metadata"]["name"]
    metadata = template["metadata"] | {
        "generateName": f"{name}-",
        "name": f"{name}-{cluster.suffix()}",
        "ownerReferences": [templates.controlled_by(replica_set)],
    }
    pod = {"metadata": metadata, "spec": template["spec"]}
    namespace = replica_set["metadata"]["namespace"]
    made = writing.create(cluster, kinds.Target(kinds.PODS, namespace), pod, _WE)
    _tell(cluster, replica_set, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")


def _tell(cluster: Cluster, replica_set: Json, reason: str, text: str) -> None:
    what = Happening("replicaset-controller", reason, text)
    events.record(cluster, kinds.REPLICA_SETS, replica_set, what)


def _usefulness(pod: Json) -> tuple[bool, bool, int, float]:
    """Order pods for deletion: not started, not ready, often restarted, young ones first."""
    statuses = pod["status"].get("containerStatuses", [])
    restarts = sum(each.get("restartCount", 0) for each in statuses)
    age = parse(pod["metadata"]["creationTimestamp"]).timestamp()
    return pod["status"].get("phase") == "Running", is_ready(pod), -restarts, -age


def is_ready(pod: Json) -> bool:
    """Tell whether a pod's Ready condition holds."""
    return _ready(pod).get("status") == "True"


def _ready(pod: Json) -> Json:
    conditions = pod["status"].get("conditions", [])
    return next((each for each in conditions if each["type"] == "Ready"), {})


def until_available(pod: Json, least: int) -> float | None:
    """Return the seconds until a ready pod counts as available; None if it is not ready."""
    if not is_ready(pod):
        return None
    if not least:
        return 0.0
    passed = (now() - parse(_ready(pod)["lastTransitionTime"])).total_seconds()
    return max(0.0, least - passed)


def _report(cluster: Cluster, replica_set: Json, pods: list[Json], least: int) -> None:
    ready = [pod for pod in pods if is_ready(pod)]
    available = [pod for pod in ready if until_available(pod, least) == 0]
    counts = {
        "fullyLabeledReplicas": len(pods),
        "readyReplicas": len(ready),
        "availableReplicas": len(available),
    }
    metadata = replica_set["metadata"]
    status = {key: number for key, number in counts.items() if number}
    status |= {"replicas": len(pods), "observedGeneration": metadata["generation"]}

    def change(new: Json) -> None:
        if new["metadata"]["generation"] == status["observedGeneration"]:
            new["status"] = status

    how = Writing("kube-controller-manager", "status")
    writing.update(cluster, kinds.target_of(kinds.REPLICA_SETS, replica_set), change, how)
