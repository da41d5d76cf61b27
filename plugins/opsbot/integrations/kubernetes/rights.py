"""What our user must be allowed to do, asked before anything is done.

A right that lacks shows itself otherwise in the middle of a rollout, or worse, of a rollback.
Asking needs no right of its own. Server-side apply needs `create` and `patch` for a new object.
"""

from opsbot.integrations.kubernetes.client import Cluster
from opsbot.vocabulary.errors import StepFailed

NEEDED = (
    ("apps", "deployments", ("get", "create", "patch")),
    ("apps", "replicasets", ("list", "delete")),
    ("", "services", ("get", "create", "patch")),
    ("", "configmaps", ("get", "create", "patch")),
    ("", "pods", ("list",)),
    ("", "pods/log", ("get",)),
    ("", "events", ("list",)),
    ("discovery.k8s.io", "endpointslices", ("list",)),
    ("coordination.k8s.io", "leases", ("get", "create", "patch")),
)
"""API group, resource and verbs: the whole of a Role for OPS Bot."""

_ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_SELF_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def missing_rights(cluster: Cluster, namespace: str) -> list[str]:
    """Return the rights that a deployment and its rollback need and our user lacks."""
    return [
        f"{verb} {resource}"
        for group, resource, verbs in NEEDED
        for verb in verbs
        if not _allowed(cluster, namespace, group, resource, verb)
    ]


def require(cluster: Cluster, namespace: str) -> None:
    """Fail unless our user may deploy to the namespace and roll back there."""
    missing = missing_rights(cluster, namespace)
    if missing:
        raise StepFailed(
            f"{_user(cluster)} may not deploy to {namespace!r}: missing are "
            f"{', '.join(missing)}. Bind a Role with these rights to that user."
        )


def _allowed(cluster: Cluster, namespace: str, group: str, resource: str, verb: str) -> bool:
    name, _, subresource = resource.partition("/")
    attributes = {
        "namespace": namespace,
        "group": group,
        "resource": name,
        "subresource": subresource,
        "verb": verb,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {k: v for k, v in attributes.items() if v}},
    }
    return bool(cluster.create_review(_ACCESS_REVIEWS, review)["status"].get("allowed"))


def _user(cluster: Cluster) -> str:
    """Name the user the API server takes us for; it is only for a person to read."""
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        answer = cluster.create_review(_SELF_REVIEWS, review)
    except StepFailed:
        return f"The user of {cluster.name!r}"
    return f"User {answer['status']['userInfo']['username']!r}"
