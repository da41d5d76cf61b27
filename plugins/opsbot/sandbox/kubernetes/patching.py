"""The three patches that know nothing of owners: JSON patch, merge patch, strategic merge patch.

A strategic merge patch differs from a merge patch in lists: it merges containers and variables by
their key instead of replacing the list, and `$patch: delete` removes one item.
"""

import copy
from typing import Any

from opsbot.sandbox.kubernetes import problems, schema
from opsbot.sandbox.kubernetes.problems import Json, Problem
from opsbot.sandbox.kubernetes.schema import Type


def json_patch(target: Json, operations: Any) -> Json:
    """Apply a JSON patch (RFC 6902)."""
    if not isinstance(operations, list):
        raise problems.bad_request("error decoding patch: a JSON patch is a list of operations")
    patched: Any = copy.deepcopy(target)
    for operation in operations:
        try:
            patched = _operate(patched, operation)
        except (LookupError, TypeError, ValueError) as fault:
            raise _rejected() from fault
    if not isinstance(patched, dict):
        raise _rejected()
    return patched


def _rejected() -> Problem:
    message = "the server rejected our request due to an error in our request"
    return Problem(422, "Invalid", message, {})


def _operate(target: Any, operation: Json) -> Any:
    path = _pointer(operation["path"])
    match operation["op"]:
        case "add":
            return _put(target, path, operation["value"], insert=True)
        case "replace":
            _at(target, path)
            return _put(target, path, operation["value"], insert=False)
        case "remove":
            _take(target, path)
        case "test":
            if _at(target, path) != operation["value"]:
                raise ValueError(operation["path"])
        case "copy":
            value = copy.deepcopy(_at(target, _pointer(operation["from"])))
            return _put(target, path, value, insert=True)
        case "move":
            value = _take(target, _pointer(operation["from"]))
            return _put(target, path, value, insert=True)
        case other:
            raise ValueError(other)
    return target


def _pointer(text: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def _at(target: Any, path: list[str]) -> Any:
    for part in path:
        target = target[int(part)] if isinstance(target, list) else target[part]
    return target


def _put(target: Any, path: list[str], value: Any, *, insert: bool) -> Any:
    if not path:
        return value
    parent, last = _at(target, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif insert:
        position = len(parent) if last == "-" else int(last)
        if position > len(parent):
            raise IndexError(last)
        parent.insert(position, value)
    else:
        parent[int(last)] = value
    return target


def _take(target: Any, path: list[str]) -> Any:
    parent, last = _at(target, path[:-1]), path[-1]
    return parent.pop(int(last)) if isinstance(parent, list) else parent.pop(last)


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a merge patch (RFC 7386): null removes, lists are replaced."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def strategic_merge(declared: Type, target: Any, patch: Any) -> Any:
    """Apply a strategic merge patch by the types' merge keys."""
    if schema.is_list(declared) and isinstance(patch, list) and "merge" in declared:
        return _merge_items(declared, target or [], patch)
    if not isinstance(patch, dict):
        return patch
    match patch.get("$patch"):
        case "replace":
            return {key: value for key, value in patch.items() if key != "$patch"}
        case "delete":
            return {}
    return _merge_fields(declared, dict(target) if isinstance(target, dict) else {}, patch)


def _merge_fields(declared: Type, merged: dict[str, Any], patch: Json) -> Json:
    kept = patch.get("$retainKeys")
    for key, value in patch.items():
        if key.startswith("$"):
            continue
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = strategic_merge(schema.child(declared, key), merged.get(key), value)
    return {key: value for key, value in merged.items() if kept is None or key in kept}


def _merge_items(declared: dict[str, Any], target: list[Any], patch: list[Any]) -> list[Any]:
    key = declared["merge"]
    if not key:
        return [*target, *(item for item in patch if item not in target)]
    if any(item == {"$patch": "replace"} for item in patch):
        return [item for item in patch if item != {"$patch": "replace"}]
    merged = {item.get(key): item for item in target}
    fresh = [item for item in patch if item.get(key) not in merged]
    for item in patch:
        name = item.get(key)
        if item.get("$patch") == "delete":
            merged.pop(name, None)
        else:
            merged[name] = strategic_merge(declared["list"], merged.get(name), item)
    # The real server puts new items first.
    first = [merged.pop(item[key]) for item in fresh if item.get(key) in merged]
    return [*first, *merged.values()]
