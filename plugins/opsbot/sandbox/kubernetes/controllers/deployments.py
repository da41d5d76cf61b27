"""The Deployment controller: one ReplicaSet per template, and pods moved between them.

The order is the real one: find or make the current ReplicaSet, grow it, shrink the others, report.
A change of size comes before that, so that it is shared among the versions there are. A template
that was deployed before gets its old ReplicaSet back under a new, higher revision.
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
    if "deletionTimestamp" not in deployment["metadata"]:
        progress.report_pause(cluster, deployment)
        _move(cluster, deployment, _owned(cluster, deployment))
    owned = _owned(cluster, deployment)
    current = _current(deployment, owned)
    again = progress.report(cluster, deployment, current, owned)
    if current is not None and progress.is_complete(deployment, current, owned):
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


def _move(cluster: Cluster, deployment: Json, owned: list[Json]) -> None:
    """Resize what there is, or roll: a new size is dealt with before a new template."""
    spec = deployment["spec"]
    bounds = rolling.limits(spec)
    if spec.get("paused") or any(_is_outdated(each, bounds) for each in owned):
        _resize(cluster, deployment, owned, bounds)
    elif spec["strategy"]["type"] == "Recreate":
        _recreate(cluster, deployment, owned, bounds)
    else:
        _roll(cluster, deployment, owned, bounds)


def _is_outdated(replica_set: Json, bounds: Limits) -> bool:
    made_for = replica_set["metadata"].get("annotations", {}).get(templates.DESIRED)
    has_pods = replica_set["spec"]["replicas"] > 0
    return has_pods and made_for is not None and made_for != str(bounds.replicas)


def _renew(cluster: Cluster, deployment: Json, owned: list[Json], bounds: Limits) -> Json:
    """Make or renew the current ReplicaSet."""
    current = _current(deployment, owned)
    if current is not None:
        return _renumber(cluster, deployment, owned, current, bounds)
    hash = templates.hash_of(deployment["spec"]["template"])
    namespace = deployment["metadata"]["namespace"]
    if cluster.store.get(kinds.REPLICA_SETS, namespace, f"{deployment['metadata']['name']}-{hash}"):
        hash += cluster.suffix(2)
    size = rolling.grow(bounds, Count(hash, 0, 0), [_count(each) for each in owned])
    made = templates.replica_set(deployment, hash, size)
    templates.annotate(made, deployment, _next_revision(owned), bounds.most)
    made = writing.create(cluster, kinds.Target(kinds.REPLICA_SETS, namespace), made, _WE)
    if size:
        _tell(cluster, deployment, made, 0, size)
    progress.report_new(cluster, deployment, made)
    return made


def _next_revision(others: list[Json]) -> int:
    return max((templates.revision(each) for each in others), default=0) + 1


def _renumber(
    cluster: Cluster, deployment: Json, owned: list[Json], current: Json, bounds: Limits
) -> Json:
    number = _next_revision([each for each in owned if each is not current])

    def change(new: Json) -> None:
        before = new["metadata"].get("annotations", {})
        kept = {key: before.get(key) for key in (templates.DESIRED, templates.MAXIMUM)}
        templates.annotate(new, deployment, number, bounds.most)
        if all(kept.values()):
            # These two tell a change of size from a rollout; only a resize may move them.
            new["metadata"]["annotations"] |= kept
        if "minReadySeconds" in deployment["spec"] or "minReadySeconds" in new["spec"]:
            new["spec"]["minReadySeconds"] = deployment["spec"].get("minReadySeconds", 0)

    target = kinds.target_of(kinds.REPLICA_SETS, current)
    return writing.update(cluster, target, change, _WE) or current


def _roll(cluster: Cluster, deployment: Json, owned: list[Json], bounds: Limits) -> None:
    current = _renew(cluster, deployment, owned, bounds)
    old = [each for each in owned if each["metadata"]["uid"] != current["metadata"]["uid"]]
    new, rest = _count(current), [_count(each) for each in old]
    grown = rolling.grow(bounds, new, rest)
    _scale(cluster, deployment, current, grown, bounds)
    if grown != new.wanted:
        new = Count(new.name, grown, new.available)
    sizes = rolling.shrink(bounds, new, rest)
    for each in old:
        if each["metadata"]["name"] in sizes:
            _scale(cluster, deployment, each, sizes[each["metadata"]["name"]], bounds)


def _count(replica_set: Json) -> Count:
    status = replica_set.get("status", {})
    wanted = replica_set["spec"]["replicas"]
    available = min(wanted, status.get("availableReplicas", 0))
    return Count(replica_set["metadata"]["name"], wanted, available)


def _resize(cluster: Cluster, deployment: Json, owned: list[Json], bounds: Limits) -> None:
    """Share a new number of replicas among the versions there are; make no new one."""
    current = _current(deployment, owned)
    if current is not None:
        _renumber(cluster, deployment, owned, current, bounds)
    active = [each for each in owned if each["spec"]["replicas"] > 0]
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


def _recreate(cluster: Cluster, deployment: Json, owned: list[Json], bounds: Limits) -> None:
    """End the old version; make the new one only when its last pod is gone."""
    current = _current(deployment, owned)
    old = [each for each in owned if each is not current]
    for each in old:
        _scale(cluster, deployment, each, 0, bounds)
    namespace = deployment["metadata"]["namespace"]
    for pod in cluster.store.list(kinds.PODS, namespace):
        over = pod["status"].get("phase") in ("Succeeded", "Failed")
        if not over and any(templates.is_controlled_by(pod, each) for each in old):
            return
    current = _renew(cluster, deployment, _owned(cluster, deployment), bounds)
    _scale(cluster, deployment, current, bounds.replicas, bounds)


def _scale(
    cluster: Cluster, deployment: Json, replica_set: Json, wanted: int, bounds: Limits
) -> None:
    before = replica_set["spec"]["replicas"]

    def change(new: Json) -> None:
        new["spec"]["replicas"] = wanted
        templates.size(new, bounds.replicas, bounds.most)

    writing.update(cluster, kinds.target_of(kinds.REPLICA_SETS, replica_set), change, _WE)
    if wanted != before:
        _tell(cluster, deployment, replica_set, before, wanted)


def _tell(cluster: Cluster, deployment: Json, replica_set: Json, before: int, after: int) -> None:
    way, name = "up" if after > before else "down", replica_set["metadata"]["name"]
    text = f"Scaled {way} replica set {name} from {before} to {after}"
    what = Happening("deployment-controller", "ScalingReplicaSet", text)
    events.record(cluster, kinds.DEPLOYMENTS, deployment, what)


def _clean_up(cluster: Cluster, deployment: Json, current: Json, owned: list[Json]) -> None:
    """Forget the oldest empty ReplicaSets once a rollout is complete."""
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
