"""The scale subresource of Deployments: a small object that is only a number.

Writing through it makes an owner of its own (the same manager, subresource `scale`), which is why
the next apply of another number conflicts.
"""

from typing import Any

from opsbot.sandbox.kubernetes import patching, problems, selectors, writing
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.kinds import Target
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing


def read(cluster: Cluster, target: Target) -> Json:
    """Show a Deployment as a Scale."""
    found = writing.existing(cluster, target)
    return _scale(found)


def _scale(deployment: Json) -> Json:
    metadata = deployment["metadata"]
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    status: Json = {"replicas": deployment.get("status", {}).get("replicas", 0)}
    status["selector"] = selectors.text(deployment["spec"]["selector"])
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: metadata[key] for key in kept},
        # A zero is not spelled out.
        "spec": {"replicas": number} if (number := deployment["spec"]["replicas"]) else {},
        "status": status,
    }


def write(cluster: Cluster, target: Target, media_type: str, body: Any, how: Writing) -> Json:
    """Change the number by a PUT or a patch."""
    with cluster.store.lock:
        current = read(cluster, target)
        wanted = _wanted(current, media_type, body)
        if wanted["metadata"].get("resourceVersion") not in (
            None,
            current["metadata"]["resourceVersion"],
        ):
            raise problems.modified("deployments", "apps", target.name)
        replicas = wanted.get("spec", {}).get("replicas", 0)
        if not isinstance(replicas, int):
            raise problems.bad_request("Scale spec.replicas must be a number")

        def change(new: Json) -> None:
            new["spec"]["replicas"] = replicas

        written = writing.update(cluster, target, change, how)
        return _scale(written or {})


def _wanted(current: Json, media_type: str, body: Any) -> Json:
    if media_type == "application/json-patch+json":
        return patching.json_patch(current, body)
    if media_type.endswith("-patch+json") or media_type == "application/apply-patch+yaml":
        merged: Json = patching.merge_patch(current, body)
        return merged
    if not isinstance(body, dict):
        raise problems.bad_request("the body is not a Scale")
    return {"metadata": {}, **body}
