"""Writes of whole objects: create, replace, patch, apply. All roads end in `storing`."""

import copy
from collections.abc import Callable
from typing import Any

from opsbot.sandbox.kubernetes import (
    applying,
    kinds,
    patching,
    problems,
    schema,
    storing,
    typing_rules,
)
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.kinds import Resource, Target
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.storing import Writing


def create(cluster: Cluster, target: Target, body: Json, how: Writing) -> Json:
    """Store a new object."""
    resource = target.resource
    new = typing_rules.decode(resource, copy.deepcopy(body), strict=how.strict)
    metadata = new.setdefault("metadata", {})
    _name(cluster, resource, metadata)
    if metadata.get("resourceVersion"):
        raise problems.untyped("resourceVersion should not be set on objects to be created")
    metadata.pop("managedFields", None)
    with cluster.store.lock:
        _check_place(cluster, target, metadata)
        if cluster.store.get(resource, target.namespace, metadata["name"]):
            raise problems.already_exists(resource.plural, resource.group, metadata["name"])
        return storing.store(cluster, resource, new, None, how)


def _name(cluster: Cluster, resource: Resource, metadata: Json) -> None:
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = metadata["generateName"] + cluster.suffix()
    if not metadata.get("name"):
        text = "Required value: name or generateName is required"
        cause = problems.cause("metadata.name", text, "FieldValueRequired")
        raise problems.invalid(resource.kind, resource.group, "", [cause])


def _check_place(cluster: Cluster, target: Target, metadata: Json) -> None:
    """Refuse a body that means another place than the path, or one that does not exist."""
    if target.name and metadata.setdefault("name", target.name) != target.name:
        raise problems.bad_request(
            f"the name of the object ({metadata['name']}) does not match the name on the URL "
            f"({target.name})"
        )
    if not target.resource.namespaced:
        return
    if metadata.setdefault("namespace", target.namespace) != target.namespace:
        raise problems.bad_request(
            f"the namespace of the provided object does not match the namespace sent on the "
            f"request. You must pass '--namespace={metadata['namespace']}' to perform this "
            f"operation."
        )
    if not cluster.store.get(kinds.NAMESPACES, "", target.namespace):
        raise problems.not_found("namespaces", "", target.namespace)


def replace(cluster: Cluster, target: Target, body: Json, how: Writing) -> Json:
    """Replace an object as a whole (PUT)."""
    new = typing_rules.decode(target.resource, copy.deepcopy(body), strict=how.strict)
    with cluster.store.lock:
        old = existing(cluster, target)
        _check_place(cluster, target, new.setdefault("metadata", {}))
        _check_identity(target.resource, new, old)
        return storing.store(cluster, target.resource, new, old, how)


def _check_identity(resource: Resource, new: Json, old: Json) -> None:
    meant, real = new["metadata"].get("uid"), old["metadata"]["uid"]
    if meant not in (None, real):
        name = old["metadata"]["name"]
        raise problems.precondition(resource.plural, resource.group, name, (meant, real))


def existing(cluster: Cluster, target: Target) -> Json:
    """Return a stored object or say that it is not there."""
    found = cluster.store.find(target)
    if found is None:
        raise problems.not_found(target.resource.plural, target.resource.group, target.name)
    return found


def patch(cluster: Cluster, target: Target, media_type: str, body: Any, how: Writing) -> Json:
    """Change an object by one of the three patches without owners."""
    with cluster.store.lock:
        old = existing(cluster, target)
        new = _patched(target.resource, old, media_type, body)
        new = typing_rules.decode(target.resource, new, strict=how.strict)
        _check_place(cluster, target, new.setdefault("metadata", {}))
        return storing.store(cluster, target.resource, new, old, how)


def _patched(resource: Resource, old: Json, media_type: str, body: Any) -> Json:
    match media_type:
        case "application/json-patch+json":
            return patching.json_patch(old, body)
        case "application/merge-patch+json":
            merged: Json = copy.deepcopy(patching.merge_patch(old, body))
            return merged
        case _:
            kind = schema.struct(resource.kind)
            strategic: Json = copy.deepcopy(patching.strategic_merge(kind, old, body))
            return strategic


def apply(cluster: Cluster, target: Target, body: Json, how: Writing) -> Json:
    """Create or change an object by server-side apply."""
    resource = target.resource
    configuration = _configuration(body)
    typing_rules.check_patch(resource, configuration)
    with cluster.store.lock:
        old = cluster.store.find(target)
        uid = configuration["metadata"].get("uid")
        if old is None and uid:
            raise problems.uid_mismatch(resource.plural, resource.group, target.name, uid)
        _check_place(cluster, target, configuration["metadata"])
        if old is not None:
            storing.check_version(resource, configuration, old)
        author, force = how.author(resource, "Apply"), bool(how.force)
        merged, settled = applying.apply(resource, old or {}, configuration, author, force=force)
        return storing.store(cluster, resource, merged, old, how, settled=settled)


def _configuration(body: Json) -> Json:
    if not isinstance(body, dict) or not body.get("apiVersion") or not body.get("kind"):
        raise problems.bad_request("invalid object type: /, Kind=")
    configuration = copy.deepcopy(body)
    if configuration.setdefault("metadata", {}).get("managedFields"):
        raise problems.bad_request("metadata.managedFields must be nil")
    return configuration


def update(
    cluster: Cluster, target: Target, change: Callable[[Json], None], how: Writing
) -> Json | None:
    """Change a stored object by a function; None if it is gone. For the cluster's own loops."""
    with cluster.store.lock:
        old = cluster.store.find(target)
        if old is None:
            return None
        new = copy.deepcopy(old)
        change(new)
        return storing.store(cluster, target.resource, new, old, how)
