"""Writes of whole objects: create, replace, patch, apply.

All roads end in `_store`: the spelling is made canonical, defaults are filled in, addresses
allocated, values checked, owners settled, the generation counted. A write that changes nothing
stores nothing, and a dry run does everything but the storing.
"""

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from opsbot.sandbox.kubernetes import (
    allocation,
    applying,
    canonical,
    defaults,
    fieldsets,
    kinds,
    owners,
    patching,
    problems,
    schema,
    typing_rules,
    validation,
)
from opsbot.sandbox.kubernetes.cluster import Cluster, stamp
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.owners import Owner, Owners
from opsbot.sandbox.kubernetes.problems import Json

# Written by the server alone; a body's values are ignored.
_SERVER_METADATA = (
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)


@dataclass(frozen=True)
class Writing:
    """How a write is meant: by whom, through which subresource, for real or not."""

    manager: str = "unknown"
    subresource: str = ""
    dry_run: bool = False
    force: bool | None = None
    strict: bool = False

    def author(self, resource: Resource, operation: owners.Operation) -> Owner:
        """Name the owner that this write makes."""
        return Owner(self.manager, operation, resource.api_version, self.subresource)


def create(cluster: Cluster, resource: Resource, namespace: str, body: Json, how: Writing) -> Json:
    """Store a new object."""
    new = typing_rules.decode(resource, copy.deepcopy(body), strict=how.strict)
    metadata = new.setdefault("metadata", {})
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = metadata["generateName"] + cluster.suffix()
    if not metadata.get("name"):
        cause = problems.cause(
            "metadata.name",
            "Required value: name or generateName is required",
            "FieldValueRequired",
        )
        raise problems.invalid(resource.kind, resource.group, "", [cause])
    if metadata.get("resourceVersion"):
        raise problems.bad_request("resourceVersion should not be set on objects to be created")
    metadata.pop("managedFields", None)
    with cluster.store.lock:
        _check_place(cluster, resource, namespace, new)
        if cluster.store.get(resource, namespace, metadata["name"]):
            raise problems.already_exists(resource.plural, resource.group, metadata["name"])
        return _store(cluster, resource, new, None, how, None)


def _check_place(cluster: Cluster, resource: Resource, namespace: str, new: Json) -> None:
    metadata = new["metadata"]
    if not resource.namespaced:
        return
    if metadata.setdefault("namespace", namespace) != namespace:
        raise problems.bad_request(
            f"the namespace of the provided object does not match the namespace sent on the "
            f"request. You must pass '--namespace={metadata['namespace']}' to perform this "
            f"operation."
        )
    if not cluster.store.get(kinds.NAMESPACES, "", namespace):
        raise problems.not_found("namespaces", "", namespace)


def replace(
    cluster: Cluster, resource: Resource, namespace: str, name: str, body: Json, how: Writing
) -> Json:
    """Replace an object as a whole (PUT)."""
    new = typing_rules.decode(resource, copy.deepcopy(body), strict=how.strict)
    with cluster.store.lock:
        old = existing(cluster, resource, namespace, name)
        new.setdefault("metadata", {}).setdefault("name", name)
        if resource.namespaced:
            new["metadata"].setdefault("namespace", namespace)
        return _store(cluster, resource, new, old, how, None)


def existing(cluster: Cluster, resource: Resource, namespace: str, name: str) -> Json:
    """Return a stored object or say that it is not there."""
    found = cluster.store.get(resource, namespace, name)
    if found is None:
        raise problems.not_found(resource.plural, resource.group, name)
    return found


def patch(
    cluster: Cluster,
    resource: Resource,
    namespace: str,
    name: str,
    media_type: str,
    body: Any,
    how: Writing,
) -> Json:
    """Change an object by one of the three patches without owners."""
    with cluster.store.lock:
        old = existing(cluster, resource, namespace, name)
        new = _patched(resource, old, media_type, body)
        if media_type != "application/json-patch+json":
            _check_version(resource, new, old)
        new = typing_rules.decode(resource, new, strict=how.strict)
        return _store(cluster, resource, new, old, how, None)


def _patched(resource: Resource, old: Json, media_type: str, body: Any) -> Json:
    match media_type:
        case "application/json-patch+json":
            return patching.json_patch(old, body)
        case "application/merge-patch+json":
            merged: Json = copy.deepcopy(patching.merge_patch(old, body))
            return merged
        case "application/strategic-merge-patch+json":
            kind = schema.struct(resource.kind)
            strategic: Json = copy.deepcopy(patching.strategic_merge(kind, old, body))
            return strategic
    supported = "application/json-patch+json, application/merge-patch+json, "
    raise problems.Problem(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
        f"{supported}application/strategic-merge-patch+json, application/apply-patch+yaml",
    )


def apply(
    cluster: Cluster, resource: Resource, namespace: str, name: str, body: Json, how: Writing
) -> Json:
    """Create or change an object by server-side apply."""
    configuration = _configuration(resource, namespace, name, body)
    author = how.author(resource, "Apply")
    with cluster.store.lock:
        old = cluster.store.get(resource, namespace, name)
        uid = configuration["metadata"].get("uid")
        if old is None and uid:
            raise problems.uid_mismatch(resource.plural, resource.group, name, uid)
        if old is None:
            _check_place(cluster, resource, namespace, configuration)
        else:
            _check_version(resource, configuration, old)
        merged, settled = applying.apply(
            resource, old or {}, configuration, author, force=bool(how.force)
        )
        return _store(cluster, resource, merged, old, how, settled)


def _configuration(resource: Resource, namespace: str, name: str, body: Json) -> Json:
    if not isinstance(body, dict) or not body.get("apiVersion") or not body.get("kind"):
        raise problems.bad_request("invalid object type: /, Kind=")
    configuration = copy.deepcopy(body)
    metadata = configuration.setdefault("metadata", {})
    if metadata.get("managedFields"):
        raise problems.bad_request("metadata.managedFields must be nil")
    if metadata.setdefault("name", name) != name:
        raise problems.bad_request(
            f"the name of the object ({metadata['name']}) does not match the name on the URL "
            f"({name})"
        )
    if resource.namespaced:
        metadata.setdefault("namespace", namespace)
    return configuration


def _check_version(resource: Resource, new: Json, old: Json) -> None:
    wanted = new["metadata"].get("resourceVersion")
    if wanted and wanted != old["metadata"]["resourceVersion"]:
        raise problems.modified(resource.plural, resource.group, old["metadata"]["name"])


def update(
    cluster: Cluster,
    resource: Resource,
    namespace: str,
    name: str,
    change: Callable[[Json], None],
    how: Writing,
) -> Json | None:
    """Change a stored object by a function; None if it is gone. For the cluster's own loops."""
    with cluster.store.lock:
        old = cluster.store.get(resource, namespace, name)
        if old is None:
            return None
        new = copy.deepcopy(old)
        change(new)
        return _store(cluster, resource, new, old, how, None)


def _store(
    cluster: Cluster,
    resource: Resource,
    new: Json,
    old: Json | None,
    how: Writing,
    settled: Owners | None,
) -> Json:
    """Bring an object into its stored form and keep it, unless nothing changed."""
    new = copy.deepcopy(new)
    new |= {"apiVersion": resource.api_version, "kind": resource.kind}
    _keep_server_fields(resource, new, old, how)
    new = _completed(cluster, resource, new, old)
    _settle_owners(resource, new, old, how, settled)
    if old is not None and not _differ(new, old):
        return old
    if how.dry_run:
        version = old["metadata"]["resourceVersion"] if old else None
        return {**new, "metadata": new["metadata"] | ({"resourceVersion": version} if old else {})}
    if old is not None and _is_finished(new):
        return cluster.store.remove(resource, new)
    return cluster.store.put(resource, new)


def _keep_server_fields(resource: Resource, new: Json, old: Json | None, how: Writing) -> None:
    """Take from the body only what this road may write: a spec, or a status, not both."""
    metadata = new["metadata"]
    if old is None:
        for key in (*_SERVER_METADATA, "resourceVersion"):
            metadata.pop(key, None)
        metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": stamp()}
        new.pop("status", None)
        return
    _check_version(resource, new, old)
    if metadata.get("uid") not in (None, old["metadata"]["uid"]):
        real, wanted = old["metadata"]["uid"], metadata["uid"]
        raise problems.precondition(
            resource.plural, resource.group, metadata["name"], "UID", wanted, real
        )
    for key in _SERVER_METADATA:
        metadata.pop(key, None)
        if key in old["metadata"]:
            metadata[key] = old["metadata"][key]
    kept = "spec" if how.subresource == "status" else "status"
    new.pop(kept, None)
    if kept in old:
        new[kept] = copy.deepcopy(old[kept])
    if how.subresource == "status":
        metadata["labels"] = old["metadata"].get("labels")


def _completed(cluster: Cluster, resource: Resource, new: Json, old: Json | None) -> Json:
    if resource.kind == "Secret":
        _encode_strings(new)
    new = canonical.canonical(resource.kind, new)
    defaults.fill(resource.kind, new)
    if resource is kinds.SERVICES:
        allocation.allocate(cluster.store, new, old, cluster.chance)
    validation.check(resource, new, old)
    if resource.counts_generations:
        _count_generation(new, old)
    return new


def _encode_strings(new: Json) -> None:
    import base64

    for key, text in (new.pop("stringData", None) or {}).items():
        new.setdefault("data", {})[key] = base64.b64encode(text.encode()).decode()


def _count_generation(new: Json, old: Json | None) -> None:
    if old is None:
        new["metadata"]["generation"] = 1
        return
    ignored = ("metadata", "status")
    before = {key: value for key, value in old.items() if key not in ignored}
    after = {key: value for key, value in new.items() if key not in ignored}
    new["metadata"]["generation"] = old["metadata"]["generation"] + (before != after)


def _settle_owners(
    resource: Resource, new: Json, old: Json | None, how: Writing, settled: Owners | None
) -> None:
    given = new["metadata"].pop("managedFields", None)
    if settled is None:
        base = _edited(given, old)
        author = how.author(resource, "Update")
        change = fieldsets.compare(resource.kind, _unowned(old), new)
        settled = owners.after_update(owners.read(base), author, change)
    else:
        base, author = old or {}, how.author(resource, "Apply")
    if entries := owners.write(settled, base, author, stamp()):
        new["metadata"]["managedFields"] = entries


def _edited(given: list[Json] | None, old: Json | None) -> Json:
    """Take owners that a client edited; a body without any leaves them as they are."""
    if given and any(given):
        return {"metadata": {"managedFields": given}}
    return {} if given == [{}] or old is None else old


def _unowned(old: Json | None) -> Json:
    if old is None:
        return {}
    metadata = {k: v for k, v in old["metadata"].items() if k != "managedFields"}
    return {**old, "metadata": metadata}


def _differ(new: Json, old: Json) -> bool:
    return _timeless(new) != _timeless(old)


def _timeless(stored: Json) -> Json:
    metadata = {k: v for k, v in stored["metadata"].items() if k != "resourceVersion"}
    entries = [
        {key: value for key, value in entry.items() if key != "time"}
        for entry in metadata.get("managedFields", [])
    ]
    metadata["managedFields"] = sorted(entries, key=str)
    return {**stored, "metadata": metadata}


def _is_finished(new: Json) -> bool:
    """Tell whether the last finalizer of a deleted object was just taken away."""
    metadata = new["metadata"]
    if "deletionTimestamp" not in metadata or new["kind"] == "Pod":
        return False
    return not metadata.get("finalizers") and new["kind"] != "Namespace"
