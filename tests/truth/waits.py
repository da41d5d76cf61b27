"""Whether what a step waits for is so."""

from tests.truth.recording import Json, World, container_statuses
from tests.truth.story import Until

REVISION = "deployment.kubernetes.io/revision"


def holds(until: Until, world: World, since: int) -> bool:
    """Tell whether all of it is so, seen no earlier than the last apply (a resourceVersion)."""
    if until.gone:
        return not world.here["Pod"] and not world.here["ReplicaSet"]
    deployment = next(iter(world.here["Deployment"].values()), None)
    if deployment is None or not _is_observed(deployment, since):
        return False
    return (
        (not until.settled or _is_settled(world, deployment))
        and (not until.condition or until.condition in _reasons(deployment))
        and (not until.waiting or until.waiting in _waiting(_newest(world, deployment)))
        and (until.ready is None or until.ready == _ready(_newest(world, deployment)))
        and _ends(world, deployment) >= until.ends
        and _restarts(_newest(world, deployment)) >= until.restarts
        and all(_counted(world, reason) >= n for reason, n in until.events.items())
    )


def _is_observed(deployment: Json, since: int) -> bool:
    metadata, status = deployment["metadata"], deployment.get("status", {})
    seen = int(metadata["resourceVersion"]) >= since
    return seen and bool(status.get("observedGeneration", 0) >= metadata["generation"])


def _newest(world: World, deployment: Json) -> list[Json]:
    """The pods of the newest ReplicaSet; those that leave belong to the past."""
    revision = deployment["metadata"].get("annotations", {}).get(REVISION)
    owners = {
        each["metadata"]["uid"]
        for each in world.here["ReplicaSet"].values()
        if each["metadata"].get("annotations", {}).get(REVISION) == revision
    }
    return [
        pod
        for pod in world.here["Pod"].values()
        if pod["metadata"]["ownerReferences"][0]["uid"] in owners
        and "deletionTimestamp" not in pod["metadata"]
    ]


def _is_settled(world: World, deployment: Json) -> bool:
    wanted, status = deployment["spec"]["replicas"], deployment["status"]
    counts = [status.get(f"{each}eplicas", 0) for each in ("r", "updatedR", "availableR", "readyR")]
    pods = _newest(world, deployment)
    return (
        counts == [wanted] * 4
        and len(world.here["Pod"]) == len(pods) == _ready(pods) == wanted
        and _served(world) == {pod["metadata"]["uid"] for pod in pods}
    )


def _served(world: World) -> set[str]:
    endpoints = [
        each
        for slice in world.here["EndpointSlice"].values()
        for each in slice.get("endpoints") or []
    ]
    return {each["targetRef"]["uid"] for each in endpoints if each["conditions"]["ready"]}


def is_ready(pod: Json) -> bool:
    """Tell whether a pod's Ready condition holds."""
    conditions = pod["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _ready(pods: list[Json]) -> int:
    return sum(is_ready(pod) for pod in pods)


def _reasons(deployment: Json) -> set[str]:
    return {each["reason"] for each in deployment["status"].get("conditions", [])}


def _waiting(pods: list[Json]) -> set[str]:
    return {each["state"].get("waiting", {}).get("reason", "") for each in _statuses(pods)}


def _restarts(pods: list[Json]) -> int:
    running = [each for each in _statuses(pods) if "running" in each["state"]]
    return max((each["restartCount"] for each in running), default=0)


def _statuses(pods: list[Json]) -> list[Json]:
    return [each for pod in pods for each in container_statuses(pod)]


def _ends(world: World, deployment: Json) -> int:
    uids = {pod["metadata"]["uid"] for pod in _newest(world, deployment)}
    return max((len(ids) for (uid, _), ids in world.ends.items() if uid in uids), default=0)


def _counted(world: World, reason: str) -> int:
    found = [each for each in world.here["Event"].values() if each["reason"] == reason]
    return sum(each.get("count") or 1 for each in found)
