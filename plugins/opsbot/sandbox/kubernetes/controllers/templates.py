"""Pod templates: which ReplicaSet has a Deployment's, and what its pods are called.

A template's hash ends the names of its ReplicaSet and pods and is a label on both. Without that
label the ReplicaSet's template equals the Deployment's exactly; that equality, not the hash,
decides which ReplicaSet is the current one.
"""

import copy
import hashlib
import json

from opsbot.sandbox.kubernetes.cluster import spell_hash
from opsbot.sandbox.kubernetes.problems import Json

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"
_OWN = {
    REVISION,
    REVISION_HISTORY,
    DESIRED,
    MAXIMUM,
    "kubectl.kubernetes.io/last-applied-configuration",
}


def hash_of(template: Json) -> str:
    """Return the hash in the letters of generated names."""
    text = json.dumps(template, sort_keys=True)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    return spell_hash(number)


def bare(template: Json) -> Json:
    """Return a ReplicaSet's template without the label that the controller added."""
    plain = copy.deepcopy(template)
    plain["metadata"].get("labels", {}).pop(HASH, None)
    return plain


def replica_set(deployment: Json, hash: str, size: int) -> Json:
    """Make the ReplicaSet for a Deployment's template, with so many pods to be made."""
    metadata, spec = deployment["metadata"], deployment["spec"]
    template = copy.deepcopy(spec["template"])
    template["metadata"].setdefault("labels", {})[HASH] = hash
    selector = copy.deepcopy(spec["selector"])
    selector.setdefault("matchLabels", {})[HASH] = hash
    made: Json = {
        "metadata": {
            "name": f"{metadata['name']}-{hash}",
            "labels": dict(template["metadata"]["labels"]),
            "ownerReferences": [controlled_by(deployment)],
        },
        "spec": {"replicas": size, "selector": selector, "template": template},
    }
    if seconds := spec.get("minReadySeconds"):
        made["spec"]["minReadySeconds"] = seconds
    return made


def controlled_by(owner: Json) -> Json:
    """Refer to the owner that controls an object."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def is_controlled_by(dependent: Json, owner: Json) -> bool:
    """Tell whether an object belongs to this owner (not to a namesake)."""
    references = dependent["metadata"].get("ownerReferences") or []
    uid = owner["metadata"]["uid"]
    return any(each["uid"] == uid and each.get("controller") for each in references)


def revision(stored: Json) -> int:
    """Return the revision that an object was given; 0 for none."""
    return int(stored["metadata"].get("annotations", {}).get(REVISION, "0"))


def annotate(replica_set: Json, deployment: Json, number: int, maximum: int) -> None:
    """Write a Deployment's annotations and the revision on its current ReplicaSet."""
    annotations = replica_set["metadata"].setdefault("annotations", {})
    inherited = deployment["metadata"].get("annotations", {})
    annotations |= {key: value for key, value in inherited.items() if key not in _OWN}
    before = int(annotations.get(REVISION, "0"))
    if before < number:
        annotations[REVISION] = str(number)
        if before:
            past = [part for part in annotations.get(REVISION_HISTORY, "").split(",") if part]
            annotations[REVISION_HISTORY] = ",".join([*past, str(before)])
    size(replica_set, deployment["spec"]["replicas"], maximum)


def size(replica_set: Json, desired: int, maximum: int) -> None:
    """Note what size of the Deployment a ReplicaSet's size was made for."""
    annotations = replica_set["metadata"].setdefault("annotations", {})
    annotations |= {DESIRED: str(desired), MAXIMUM: str(maximum)}
