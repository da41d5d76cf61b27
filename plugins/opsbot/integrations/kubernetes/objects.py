"""Kubernetes objects as JSON: where they live, what of them is ours to keep, and their hash.

The API server adds much to an object that no one wrote: identity, counters, status, bookkeeping.
Applied again, some of it is an error (`managedFields` is a 400, an old `resourceVersion` a 409),
and none of it is part of what was deployed. What remains is compared and hashed. Defaults remain
too, so a bare manifest and its live object differ; two answers of the API server do not.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from opsbot.verification import versions
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.organisation import RELEASE_KINDS

Json = dict[str, Any]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

_COLLECTIONS = {
    "Deployment": ("apis/apps/v1", "deployments"),
    "ReplicaSet": ("apis/apps/v1", "replicasets"),
    "Service": ("api/v1", "services"),
    "ConfigMap": ("api/v1", "configmaps"),
    "Secret": ("api/v1", "secrets"),
    "Pod": ("api/v1", "pods"),
    "Event": ("api/v1", "events"),
    "Lease": ("apis/coordination.k8s.io/v1", "leases"),
    "EndpointSlice": ("apis/discovery.k8s.io/v1", "endpointslices"),
}
_SERVER_METADATA = frozenset(
    {"managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"}
    # An owner is named by its uid: one that was made again is another, and the garbage collector
    # deletes at once what belongs to an owner that is not there.
    | {"ownerReferences", "deletionTimestamp", "deletionGracePeriodSeconds"}
)


def in_order(items: Iterable[Json]) -> tuple[Json, ...]:
    """Return the objects of a release in the order of applying."""
    return tuple(sorted(items, key=lambda each: RELEASE_KINDS.index(each["kind"])))


def path(kind: str, namespace: str, name: str = "", subresource: str = "") -> str:
    """Return the API path of an object, or of its collection where no name is given."""
    group, plural = _COLLECTIONS[kind]
    parts = [group, "namespaces", quote(namespace, safe=""), plural]
    parts += [quote(each, safe="") for each in (name, subresource) if each]
    return "/" + "/".join(parts)


def is_secret_path(path: str) -> bool:
    """Tell whether an API path is that of a Secret."""
    return path.split("/")[5:6] == ["secrets"]


def name_of(item: Json) -> str:
    """Return an object's name."""
    return str(item["metadata"]["name"])


def namespace_of(item: Json) -> str:
    """Return an object's namespace."""
    return str(item["metadata"]["namespace"])


def title(item: Json) -> str:
    """Name an object for a person: `Deployment 'my-application'`."""
    return f"{item['kind']} {name_of(item)!r}"


def cleaned(item: Json) -> Json:
    """Return an object without what the API server and kubectl keep about it."""
    metadata = {k: v for k, v in item["metadata"].items() if k not in _SERVER_METADATA}
    annotations = {
        key: value
        for key, value in (metadata.pop("annotations", None) or {}).items()
        if key not in (versions.REVISION, LAST_APPLIED)
    }
    if annotations:
        metadata["annotations"] = annotations
    rest = {key: value for key, value in item.items() if key not in ("metadata", "status")}
    return {**rest, "metadata": metadata}


def spec_sha256(item: Json) -> str:
    """Hash what an object is, apart from the server's bookkeeping."""
    return sha256_of(cleaned(item))


def content_of(item: Json) -> Json:
    """Return what an object is for: a Deployment's pods, a Service's ports, a ConfigMap's entries.

    It leaves out the names and labels, and how many pods there are.
    """
    match item:
        case {"kind": "Deployment"}:
            return {"kind": "Deployment", "template": versions.template_of(item)}
        case {"kind": "Service"}:
            return {"kind": "Service", "spec": item["spec"]}
        case _:
            entries = {key: item.get(key) or {} for key in ("data", "binaryData")}
            return {"kind": item["kind"], **entries}


def is_leaving(pod: Json) -> bool:
    """Tell whether a pod is being deleted; its end says nothing about its version."""
    return "deletionTimestamp" in pod["metadata"]


def labels_of(service: Json) -> str:
    """Write a Service's selector for a list request."""
    selector = service["spec"].get("selector") or {}
    return ",".join(f"{key}={value}" for key, value in sorted(selector.items()))


def selector_of(deployment: Json) -> str:
    """Write a Deployment's equality selector for a list request."""
    labels = deployment["spec"]["selector"].get("matchLabels", {})
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
