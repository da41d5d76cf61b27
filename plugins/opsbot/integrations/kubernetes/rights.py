"""What our user must be allowed to do for one plan, asked before anything is done.

A right that lacks shows itself otherwise in the middle of a rollout, or worse, of a rollback.
Asking needs no right of its own. Server-side apply needs `create` and `patch` for a new object;
both can be granted for Secrets of certain names alone, since the name stands in the request.
include/kubernetes/role.yaml grants exactly what is asked here.
"""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from opsbot.integrations.kubernetes import objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.planning import pod_references
from opsbot.vocabulary.errors import StepFailed


class Right(NamedTuple):
    """One verb on one resource."""

    group: str
    resource: str
    verb: str
    name: str = ""
    """Of the one object that it is about; empty: all of them."""

    def __str__(self) -> str:
        """Name the right for a person: `patch secrets 'shop'`."""
        return f"{self.verb} {self.resource}" + (f" {self.name!r}" if self.name else "")


_ALWAYS = (
    ("apps", "deployments", ("get", "create", "patch")),
    ("apps", "replicasets", ("list", "delete")),
    ("", "pods", ("list",)),
    ("", "pods/log", ("get",)),
    ("", "events", ("list",)),
    ("discovery.k8s.io", "endpointslices", ("list",)),
    ("coordination.k8s.io", "leases", ("get", "create", "patch")),
)
"""API group, resource and verbs of every change, its checks, its lease and its way back."""
_RESOURCES = {"Service": "services", "ConfigMap": "configmaps", "Secret": "secrets"}
"""What a release may hold or refer to besides; it is read, applied and restored."""

_ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_SELF_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def needed(wanted: Wanted) -> tuple[Right, ...]:
    """Return the rights that a change of a release and its rollback need."""
    always = [Right(group, kind, verb) for group, kind, verbs in _ALWAYS for verb in verbs]
    held = [_on(each["kind"], objects.name_of(each)) for each in wanted.saved]
    return tuple(dict.fromkeys([*always, *chain(*held), *of_pods(wanted.deployment)]))


def of_pods(deployment: Json) -> tuple[Right, ...]:
    """Return the rights on what a Deployment's pods refer to: it is saved with the release."""
    found = pod_references.of_template(deployment["spec"].get("template") or {})
    return tuple(chain(*(_on(each.kind, each.name) for each in found)))


def missing(cluster: Cluster, namespace: str, rights: Iterable[Right]) -> tuple[Right, ...]:
    """Return those rights that our user lacks in a namespace."""
    return tuple(each for each in rights if not _allowed(cluster, namespace, each))


def require(cluster: Cluster, namespace: str, rights: Iterable[Right]) -> None:
    """Fail unless our user has these rights in a namespace."""
    lacking = missing(cluster, namespace, rights)
    if lacking:
        raise StepFailed(
            f"{_user(cluster)} may not deploy to {namespace!r}: missing are "
            f"{', '.join(map(str, lacking))}. Bind a Role with these rights to that user "
            "(include/kubernetes/role.yaml). Nothing was changed."
        )


def _on(kind: str, name: str) -> tuple[Right, ...]:
    """Return the rights on one object; only those on Secrets are asked for by name."""
    if kind not in _RESOURCES:
        return ()
    named = name if kind == "Secret" else ""
    return tuple(Right("", _RESOURCES[kind], verb, named) for verb in ("get", "create", "patch"))


def _allowed(cluster: Cluster, namespace: str, right: Right) -> bool:
    resource, _, subresource = right.resource.partition("/")
    attributes = {
        "namespace": namespace,
        "group": right.group,
        "resource": resource,
        "subresource": subresource,
        "verb": right.verb,
        "name": right.name,
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
