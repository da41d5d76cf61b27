"""Sets of fields, the currency of ownership in Kubernetes.

The API server writes a set as the nested document `fieldsV1`. An element of it is a field
(`f:spec`), a list item by its keys (`k:{"name":"app"}`), a member of a set (`v:"x"`) or a place
(`i:0`); `.` is the node itself beside what is under it. Here a set is a set of paths, so that two
owners can be compared. What a document from outside has that is none of these is passed over.
"""

import json
from collections.abc import Iterator
from typing import Any

from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.canonical import canonical_json

Path = tuple[str, ...]
Fields = frozenset[Path]

NONE: Fields = frozenset()
_NODE = "."
_ABSENT: Any = object()


def read(document: object) -> Fields:
    """Return the paths of a `fieldsV1` document."""
    return frozenset(_paths((), document))


def write(fields: Fields) -> Json:
    """Return the `fieldsV1` document of a set."""
    document: Json = {}
    for path in sorted(fields):
        node = document
        for element in path:
            node = node.setdefault(element, {})
        node[_NODE] = {}
    pruned: Json = _without_needless_nodes(document)
    return pruned


def under(fields: Fields, path: Path) -> Fields:
    """Return the fields at a path and below it."""
    return frozenset(each for each in fields if each[: len(path)] == path)


def spelled(path: Path) -> str:
    """Write a path as the API server does: `.spec.template.spec.containers[name="app"].image`."""
    return "".join(_element(each) for each in path)


def extract(value: Json, fields: Fields) -> Json:
    """Return those parts of an object that are in a set: what an owner would have to apply."""
    return _extract_fields(value, write(fields))


def without_defaults(live: Json, answer: Json, stated: Fields) -> Json:
    """Return what an apply would make of a live object, without new fields that nobody stated.

    The API server fills what an author leaves out; in a comparison that is noise.
    """
    kept: Json = _kept(live, answer, write(stated))
    return kept


def _kept(live: Any, answer: Any, document: Json) -> Any:
    match live, answer:
        case dict(), dict():
            parts = {
                key: _kept(live[key], each, document.get(f"f:{key}", {}))
                if key in live
                else _extract(each, document[f"f:{key}"])
                if f"f:{key}" in document
                else _ABSENT
                for key, each in answer.items()
            }
            return {key: each for key, each in parts.items() if each is not _ABSENT}
        case list(), list():
            return [_kept_item(live, each, document) for each in answer]
        case _:
            return answer


def _kept_item(live: list[Any], item: Any, document: Json) -> Any:
    """Compare a list item with the live one of the same keys, where its owner has named keys."""
    for key, each in document.items():
        keys = _parsed(key[2:]) if key.startswith("k:") else None
        if not isinstance(keys, dict) or not _has(item, keys):
            continue
        before = next((one for one in live if _has(one, keys)), None)
        return _extract_item(item, 0, key, each) if before is None else _kept(before, item, each)
    return item


def _has(item: Any, keys: Json) -> bool:
    return isinstance(item, dict) and keys.items() <= item.items()


def _paths(path: Path, document: object) -> Iterator[Path]:
    if not isinstance(document, dict):
        return
    parts = {key: each for key, each in document.items() if _is_element(key)}
    if path and (not parts or _NODE in document):
        yield path
    for key, each in parts.items():
        yield from _paths((*path, key), each)


def _is_element(key: object) -> bool:
    return isinstance(key, str) and key[:2] in ("f:", "k:", "v:", "i:")


def _without_needless_nodes(document: Json) -> Json:
    """Leave out the `.` of a node that has nothing under it: there it goes without saying."""
    if set(document) == {_NODE}:
        return {}
    return {
        key: {} if key == _NODE else _without_needless_nodes(each) for key, each in document.items()
    }


def _element(element: str) -> str:
    kind, _, text = element.partition(":")
    match kind:
        case "f":
            return f".{text}"
        case "k":
            keys = _parsed(text)
            pairs = keys.items() if isinstance(keys, dict) else ()
            return "[" + ",".join(f"{key}={canonical_json(each)}" for key, each in pairs) + "]"
        case "v":
            return f"[={text}]"
        case _:
            return f"[{text}]"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _extract(value: Any, document: Json) -> Any:
    if not any(_is_element(key) for key in document):
        return value
    match value:
        case dict():
            return _extract_fields(value, document)
        case list():
            return _extract_items(value, document)
        case _:
            return _ABSENT


def _extract_fields(value: Json, document: Json) -> Json:
    found = {
        key.removeprefix("f:"): _extract(value.get(key.removeprefix("f:"), _ABSENT), each)
        for key, each in document.items()
        if key.startswith("f:")
    }
    return {key: each for key, each in found.items() if each is not _ABSENT}


def _extract_items(value: list[Any], document: Json) -> list[Any]:
    """Take the items in their own order; an item's keys say which one it is, so they are taken."""
    wanted = {key: each for key, each in document.items() if _is_element(key)}
    taken = []
    for place, item in enumerate(value):
        for key, each in wanted.items():
            if (found := _extract_item(item, place, key, each)) is not _ABSENT:
                taken.append(found)
    return taken


def _extract_item(item: Any, place: int, key: str, document: Json) -> Any:
    kind, _, text = key.partition(":")
    parsed = _parsed(text)
    match kind, item:
        case "k", dict() if isinstance(parsed, dict) and _has(item, parsed):
            return {**parsed, **_extract_fields(item, document)}
        case "v", _ if parsed == item:
            return item
        case "i", _ if parsed == place:
            return _extract(item, document)
        case _:
            return _ABSENT
