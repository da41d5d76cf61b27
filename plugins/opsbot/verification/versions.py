"""Which version is which.

A Deployment's version is its pod template; a ReplicaSet is that version at work. The one at work
now has the Deployment's own template. Names, ages and revision numbers only look like it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from opsbot.vocabulary.canonical import sha256_of

Json = Mapping[str, Any]
ReplicaSet = TypeVar("ReplicaSet", bound=Json)

TEMPLATE_HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


def template_of(workload: Json) -> dict[str, Any]:
    """Return the pod template of a Deployment or ReplicaSet, comparable between the two."""
    template: dict[str, Any] = workload["spec"]["template"]
    metadata = dict(template.get("metadata") or {})
    metadata.pop("creationTimestamp", None)
    labels = {k: v for k, v in metadata.get("labels", {}).items() if k != TEMPLATE_HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def template_sha256(workload: Json) -> str:
    """Hash a pod template; equal hashes start equal pods."""
    return sha256_of(template_of(workload))


def template_hash(item: Json) -> str:
    """Return the `pod-template-hash` of a ReplicaSet or pod; empty where it has none."""
    return str(item["metadata"].get("labels", {}).get(TEMPLATE_HASH, ""))


def revision_of(item: Json) -> int:
    """Return the revision of a Deployment or ReplicaSet; 0 where it has none that is a number.

    It names a moment, not a version: going back to an older template gives that one a new number.
    Before the controller has looked there is none, and anybody may write something else there.
    """
    try:
        return int(item["metadata"].get("annotations", {}).get(REVISION, 0))
    except ValueError:
        return 0


def owned_by(item: Json, owner: Json) -> bool:
    """Tell whether an object is controlled by another; names may be reused, uids are not."""
    return any(
        each.get("controller") and each.get("uid") == owner["metadata"]["uid"]
        for each in item["metadata"].get("ownerReferences", [])
    )


def current(deployment: Json, replica_sets: Iterable[ReplicaSet]) -> ReplicaSet | None:
    """Return the ReplicaSet of the Deployment's present template, once the controller made it.

    Two of one template can be left behind by a controller that was cut off; the higher revision
    is the one it goes on with.
    """
    wanted = template_sha256(deployment)
    own = (each for each in replica_sets if owned_by(each, deployment))
    equal = [each for each in own if template_sha256(each) == wanted]
    return max(equal, key=revision_of, default=None)
