"""Go back to a version whose ReplicaSet the cluster still keeps.

Not by `rollout undo`, which takes the fields away from us and, done twice, goes to the broken
version: the earlier pod template is applied by our own field manager. What others have added to
the template since is taken over and removed, and the preview says so.
"""

from collections.abc import Sequence

from opsbot.capabilities.kubernetes.rollback_deployment import RollbackDeployment
from opsbot.integrations.kubernetes import objects, replica_sets, rolling, wanted
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.release import IMAGE_TAG
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.verification import versions
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.progress import Say


def plan(cluster: Cluster, params: RollbackDeployment, annotations: dict[str, str]) -> Wanted:
    """Return the live Deployment with the pod template of the version to go back to."""
    live = wanted.live_deployment(cluster, params)
    sets = replica_sets.of_deployment(cluster, live)
    target = _chosen(params, live, sets)
    tag = _tag_of(target)
    manifest = wanted.changed(live, {**annotations, **({IMAGE_TAG: tag} if tag else {})})
    spec = {**manifest["spec"], "template": versions.template_of(target)}
    return Wanted(
        manifests=({**manifest, "spec": spec},),
        beside=wanted.service_of(params),
        forced=True,
        may_adopt=params.adopt_from,
    )


def run(cluster: Cluster, params: RollbackDeployment, *, say: Say) -> DeployOutput:
    """Go back, and return what runs then."""
    return rolling.to_the_end(cluster, params, plan(cluster, params, {}), say=say)


def _chosen(params: RollbackDeployment, live: Json, sets: Sequence[Json]) -> Json:
    """Return the ReplicaSet to go back to; fail if it is gone, or is what runs already."""
    now = versions.current(live, sets)
    others = sorted(
        (each for each in sets if now is None or not _same(each, now)),
        key=versions.revision_of,
        reverse=True,
    )
    if now is not None and params.release != "previous" and _is_meant(params, now):
        raise StepFailed(
            f"{params.release.capitalize()} is what {objects.title(live)} in "
            f"{params.namespace!r} runs now; there is nothing to go back from."
        )
    found = next((each for each in others if _is_meant(params, each)), None)
    if found is None:
        raise StepFailed(
            f"{objects.title(live)} in {params.namespace!r} has no {_meant(params)} to go back "
            f"to; the cluster keeps {_kept(others)}. Name one of these, or deploy that version."
        )
    return found


def _is_meant(params: RollbackDeployment, replica_set: Json) -> bool:
    match params.release.split():
        case ["revision", number]:
            return versions.revision_of(replica_set) == int(number)
        case ["version", _]:
            return _tag_of(replica_set) == params.tag
        case ["previous"]:
            return True
        case _:
            raise Refused(f"The cluster keeps no {params.release}; it is in the archive.")


def _meant(params: RollbackDeployment) -> str:
    return "earlier version" if params.release == "previous" else params.release


def _kept(sets: Sequence[Json]) -> str:
    words = [
        f"revision {versions.revision_of(each)}" + (f" ({_tag_of(each)})" if _tag_of(each) else "")
        for each in sets
    ]
    return ", ".join(words) or "no earlier version"


def _tag_of(item: Json) -> str:
    """Return the tag a version was deployed under; the controller copies it to ReplicaSets."""
    return str((item["metadata"].get("annotations") or {}).get(IMAGE_TAG, ""))


def _same(one: Json, other: Json) -> bool:
    return versions.template_sha256(one) == versions.template_sha256(other)
