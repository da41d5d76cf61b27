"""The Deployment controller: one ReplicaSet per template, and pods moved between them.

The order is the real one: find or make the current ReplicaSet, grow it, shrink the others, report.
A template that was deployed before gets its old ReplicaSet back under a new, higher revision.
"""

from opsbot.sandbox.kubernetes import events, kinds, writing
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.controllers import progress, rolling, templates
from opsbot.sandbox.kubernetes.controllers.rolling import Count, Limits
from opsbot.sandbox.kubernetes.events import Happening
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing

_WE = Writing("kube-controller-manager")


def look(cluster: Cluster, namespace: str, name: str) -> float | None:
    """Bring a Deployment one move nearer to its spec."""
    deployment = cluster.store.get(kinds.DEPLOYMENTS, namespace, name)
    if deployment is None:
        return None
    owned = _owned(cluster, deployment)
    if "deletionTimestamp" in deployment["metadata"]:
        return progress.report(cluster, deployment, _current(deployment, owned), owned, "")
    note = ""
    if not deployment["spec"].get("paused"):
        note = _renew(cluster, deployment, owned)
        owned = _owned(cluster, deployment)
    current = _current(deployment, owned)
    _move(cluster, deployment, current, owned)
    owned = _owned(cluster, deployment)
    current = _current(deployment, owned)
    again = progress.report(cluster, deployment, current, owned, note)
    _clean_up(cluster, deployment, current, owned)
    return again


def _owned(cluster: Cluster, deployment: Json) -> list[Json]:
    """Return the Deployment's ReplicaSets, oldest first."""
    namespace = deployment["metadata"]["namespace"]
    owned = [
        each
        for each in cluster.store.list(kinds.REPLICA_SETS, namespace)
        if templates.is_controlled_by(each, deployment)
    ]
    return sorted(owned, key=lambda each: (each["metadata"]["creationTimestamp"], _age(each)))


def _age(replica_set: Json) -> int:
    return templates.revision(replica_set)


def _current(deployment: Json, owned: list[Json]) -> Json | None:
    template = deployment["spec"]["template"]
    same = [each for each in owned if templates.bare(each["spec"]["template"]) == template]
    return same[0] if same else None


def _renew(cluster: Cluster, deployment: Json, owned: list[Json]) -> str:
    """Make or renew the current ReplicaSet; return the name of a new one."""
    current = _current(deployment, owned)
    others = [templates.revision(each) for each in owned if each is not current]
    number = max(others, default=0) + 1
    bounds = rolling.limits(deployment["spec"])
    maximum = bounds.replicas + bounds.surge if bounds.replicas else 0
    if current is not None:
        _renumber(cluster, deployment, current, number, maximum)
        return ""
    hash = templates.hash_of(deployment["spec"]["template"])
    made = templates.replica_set(deployment, hash)
    templates.annotate(made, deployment, number, maximum)
    namespace = deployment["metadata"]["namespace"]
    if cluster.store.get(kinds.REPLICA_SETS, namespace, made["metadata"]["name"]):
        made = templates.replica_set(deployment, f"{hash}{cluster.suffix(2)}")
        templates.annotate(made, deployment, number, maximum)
    writing.create(cluster, kinds.Target(kinds.REPLICA_SETS, namespace), made, _WE)
    return str(made["metadata"]["name"])


def _renumber(cluster: Cluster, deployment: Json, current: Json, number: int, maximum: int) -> None:
    def change(new: Json) -> None:
        before = new["metadata"].get("annotations", {})
        kept = {key: before.get(key) for key in (templates.DESIRED, templates.MAXIMUM)}
        templates.annotate(new, deployment, number, maximum)
        if all(kept.values()):
            # These two tell a change of size from a rollout; only a resize may move them.
            new["metadata"]["annotations"] |= kept
        if "minReadySeconds" in deployment["spec"] or "minReadySeconds" in new["spec"]:
            new["spec"]["minReadySeconds"] = deployment["spec"].get("minReadySeconds", 0)

    writing.update(cluster, kinds.target_of(kinds.REPLICA_SETS, current), change, _WE)


def _move(cluster: Cluster, deployment: Json, current: Json | None, owned: list[Json]) -> None:
    spec = deployment["spec"]
    bounds = rolling.limits(spec)
    active = [each for each in owned if each["spec"]["replicas"] > 0]
    if spec.get("paused") or any(_is_outdated(each, bounds) for each in active):
        _resize_all(cluster, deployment, current, active, bounds)
        return
    if current is None:
        return
    old = [each for each in owned if each is not current]
    if spec["strategy"]["type"] == "Recreate":
        _recreate(cluster, deployment, current, old, bounds)
        return
    new, rest = _count(current), [_count(each) for each in old]
    grown = rolling.grow(bounds, new, rest)
    _scale(cluster, deployment, current, grown, bounds)
    if grown != new.wanted:
        new = Count(new.name, grown, new.available)
    sizes = rolling.shrink(bounds, new, rest)
    for each in old:
        if each["metadata"]["name"] in sizes:
            _scale(cluster, deployment, each, sizes[each["metadata"]["name"]], bounds)


def _is_outdated(replica_set: Json, bounds: Limits) -> bool:
    made_for = replica_set["metadata"].get("annotations", {}).get(templates.DESIRED)
    return made_for is not None and made_for != str(bounds.replicas)


def _count(replica_set: Json) -> Count:
    status = replica_set.get("status", {})
    wanted = replica_set["spec"]["replicas"]
    available = min(wanted, status.get("availableReplicas", 0))
    return Count(replica_set["metadata"]["name"], wanted, available)


def _resize_all(
    cluster: Cluster, deployment: Json, current: Json | None, active: list[Json], bounds: Limits
) -> None:
    if len(active) <= 1:
        latest = active[0] if active else current
        if latest is not None:
            _scale(cluster, deployment, latest, bounds.replicas, bounds)
        return
    if current is not None and _count(current).available == bounds.replicas:
        sizes = {each["metadata"]["name"]: 0 for each in active if each is not current}
    else:
        sizes = rolling.spread(bounds, [_count(each) for each in active])
    for each in active:
        wanted = sizes.get(each["metadata"]["name"], each["spec"]["replicas"])
        _scale(cluster, deployment, each, wanted, bounds)


def _recreate(
    cluster: Cluster, deployment: Json, current: Json, old: list[Json], bounds: Limits
) -> None:
    for each in old:
        _scale(cluster, deployment, each, 0, bounds)
    namespace = deployment["metadata"]["namespace"]
    for pod in cluster.store.list(kinds.PODS, namespace):
        over = pod["status"].get("phase") in ("Succeeded", "Failed")
        if not over and any(templates.is_controlled_by(pod, each) for each in old):
            return
    _scale(cluster, deployment, current, bounds.replicas, bounds)


def _scale(
    cluster: Cluster, deployment: Json, replica_set: Json, wanted: int, bounds: Limits
) -> None:
    before = replica_set["spec"]["replicas"]
    maximum = bounds.replicas + bounds.surge if bounds.replicas else 0

    def change(new: Json) -> None:
        new["spec"]["replicas"] = wanted
        templates.size(new, bounds.replicas, maximum)

    writing.update(cluster, kinds.target_of(kinds.REPLICA_SETS, replica_set), change, _WE)
    if wanted != before:
        way = "up" if wanted > before else "down"
        text = (
            f"Scaled {way} replica set {replica_set['metadata']['name']} from {before} to {wanted}"
        )
        what = Happening("deployment-controller", "ScalingReplicaSet", text)
        events.record(cluster, kinds.DEPLOYMENTS, deployment, what)


def _clean_up(cluster: Cluster, deployment: Json, current: Json | None, owned: list[Json]) -> None:
    """Forget the oldest empty ReplicaSets once a rollout is complete."""
    if current is None or not progress.is_complete(deployment, current, owned):
        return
    empty = [
        each
        for each in owned
        if each is not current
        and each["spec"]["replicas"] == 0
        and not each.get("status", {}).get("replicas")
    ]
    surplus = len(empty) - deployment["spec"]["revisionHistoryLimit"]
    for each in sorted(empty, key=templates.revision)[: max(0, surplus)]:
        cluster.store.remove(kinds.REPLICA_SETS, each)
