"""Server-side apply: merge a configuration into the live object by the ownership of fields.

What the configuration names is set. What the author's last configuration named and this one does
not is removed, unless somebody else owns it too. Whatever was never the author's stays.
"""

from typing import Any

from opsbot.sandbox.kubernetes import fieldsets, owners, schema
from opsbot.sandbox.kubernetes.fieldsets import Paths
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.owners import Owner, Owners
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.schema import Type

# Fields that only another road may write: an apply of them is silently ignored.
_NOT_APPLIED = ("status",)


def apply(
    resource: Resource, live: Json, configuration: Json, author: Owner, *, force: bool
) -> tuple[Json, Owners]:
    """Return the merged object and its owners, or raise the conflict."""
    wanted = {key: value for key, value in configuration.items() if key not in _NOT_APPLIED}
    before = owners.read(live)
    claimed = fieldsets.of_object(resource.kind, wanted)
    after = before | {author: claimed}
    bare = _bare(live)
    merged: Json = merge(schema.struct(resource.kind), bare, wanted)
    last = before.get(author, frozenset())
    pruned = _prune(resource.kind, merged, last, after)
    change = fieldsets.compare(resource.kind, bare, pruned)
    return pruned, owners.after_apply(after, author, change, force=force)


def _bare(live: Json) -> Json:
    metadata = {k: v for k, v in live.get("metadata", {}).items() if k != "managedFields"}
    return {**live, "metadata": metadata}


def _prune(kind: str, merged: Json, last: Paths, after: Owners) -> Json:
    managed = frozenset(path for paths in after.values() for path in paths)
    doomed = fieldsets.with_structs(kind, last) - fieldsets.with_structs(kind, managed)
    return fieldsets.without(kind, merged, doomed)


def merge(declared: Type, live: Any, wanted: Any) -> Any:
    """Lay `wanted` over `live`, part by part where parts can have different owners."""
    if not schema.is_granular(declared, live):
        return wanted
    if not schema.is_granular(declared, wanted):
        # An empty map or list claims nothing of what is in the live one.
        return live if wanted in ({}, []) else wanted
    if schema.is_list(declared):
        return _merge_lists(declared, live, wanted)
    merged = dict(live)
    for key, value in wanted.items():
        merged[key] = merge(schema.child(declared, key), live.get(key), value)
    return merged


def _merge_lists(declared: dict[str, Any], live: list[Any], wanted: list[Any]) -> list[Any]:
    """Keep the order of `wanted`; items of others stay behind the neighbour they had."""
    keys = [schema.item_key(declared, item) for item in wanted]
    new = dict(zip(keys, wanted, strict=True))
    merged, position = [], 0
    old = [(schema.item_key(declared, item), item) for item in live]
    by_key = dict(old)
    for key in keys:
        if key in by_key and any(name == key for name, _ in old[position:]):
            while old[position][0] != key:
                merged += [old[position][1]] if old[position][0] not in new else []
                position += 1
            position += 1
        elif key not in by_key:
            while position < len(old) and old[position][0] not in new:
                merged.append(old[position][1])
                position += 1
        merged.append(merge(declared["list"], by_key.get(key), new[key]))
    return merged + [item for key, item in old[position:] if key not in new]
