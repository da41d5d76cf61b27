"""How an object becomes its stored form, whichever road it came.

The spelling is made canonical, defaults are filled in, addresses allocated, values checked, owners
settled, the generation counted. A write that changes nothing stores nothing, and a dry run does
everything but the storing.
"""

import base64
import copy
import uuid
from dataclasses import dataclass

from opsbot.sandbox.kubernetes import (
    allocation,
    canonical,
    defaults,
    fieldsets,
    kinds,
    owners,
    problems,
    typing_rules,
    validation,
)
from opsbot.sandbox.kubernetes.cluster import Cluster, stamp
from opsbot.sandbox.kubernetes.fieldsets import Comparison
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


def store(
    cluster: Cluster,
    resource: Resource,
    new: Json,
    old: Json | None,
    how: Writing,
    *,
    settled: Owners | None = None,
) -> Json:
    """Bring an object into its stored form and keep it, unless nothing changed."""
    new = copy.deepcopy(new)
    new |= {"apiVersion": resource.api_version, "kind": resource.kind}
    typing_rules.check_base64(resource, new, applied=settled is not None)
    _keep_server_fields(resource, new, old, how)
    new = _completed(cluster, resource, new, old, how)
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
    check_version(resource, new, old)
    if metadata.get("uid") not in (None, old["metadata"]["uid"]):
        text = f'Invalid value: "{metadata["uid"]}": field is immutable'
        fixed = problems.cause("metadata.uid", text)
        raise problems.invalid(resource.kind, resource.group, metadata["name"], [fixed])
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


def _completed(
    cluster: Cluster, resource: Resource, new: Json, old: Json | None, how: Writing
) -> Json:
    if resource.kind == "Secret":
        _encode_strings(new)
    new = canonical.canonical(resource.kind, new)
    defaults.fill(resource.kind, new)
    if resource is kinds.SERVICES:
        allocation.allocate(cluster.store, new, old, cluster.chance)
    validation.check(resource, new, old)
    if resource.counts_generations:
        _count_generation(new, old, how)
    return new


def _encode_strings(new: Json) -> None:
    for key, text in (new.pop("stringData", None) or {}).items():
        new.setdefault("data", {})[key] = base64.b64encode(text.encode()).decode()


def _count_generation(new: Json, old: Json | None, how: Writing) -> None:
    if old is None:
        new["metadata"]["generation"] = 1
        return
    ignored = ("metadata", "status")
    before = {key: value for key, value in old.items() if key not in ignored}
    after = {key: value for key, value in new.items() if key not in ignored}
    moved = before != after
    if new["kind"] == "Deployment" and how.subresource != "status":
        # A Deployment's annotations go to its ReplicaSets, so they count as well.
        moved |= new["metadata"].get("annotations") != old["metadata"].get("annotations")
    new["metadata"]["generation"] = old["metadata"]["generation"] + moved


def _settle_owners(
    resource: Resource, new: Json, old: Json | None, how: Writing, settled: Owners | None
) -> None:
    given = new["metadata"].pop("managedFields", None)
    if settled is None:
        base = _edited(given, old)
        author = how.author(resource, "Update")
        change = fieldsets.compare(resource.kind, _unowned(old), _written(new, old, how))
        settled = _after_update(owners.read(base), author, change, new)
    else:
        base, author = old or {}, how.author(resource, "Apply")
    changed = old is None or _content(new) != _content(old)
    if entries := owners.write(settled, base, author, stamp() if changed else ""):
        new["metadata"]["managedFields"] = entries


def _after_update(before: Owners, author: Owner, change: Comparison, new: Json) -> Owners:
    if author.subresource == "scale":
        return owners.after_scale(before, author, change, new["spec"]["replicas"])
    return owners.after_update(before, author, change)


def _written(new: Json, old: Json | None, how: Writing) -> Json:
    """Leave out the status that the server gives a new object."""
    if old is None and not how.subresource:
        return {key: value for key, value in new.items() if key != "status"}
    return new


def _content(stored: Json) -> Json:
    ignored = ("managedFields", "resourceVersion", "generation")
    metadata = {k: v for k, v in stored["metadata"].items() if k not in ignored}
    return {**stored, "metadata": metadata}


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


def check_version(resource: Resource, new: Json, old: Json) -> None:
    """Refuse a write that is about an older state of the object."""
    wanted = new["metadata"].get("resourceVersion")
    if wanted and wanted != old["metadata"]["resourceVersion"]:
        raise problems.modified(resource.plural, resource.group, old["metadata"]["name"])
