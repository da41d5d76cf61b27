"""Sets of field paths, the currency of ownership.

A path is a tuple of elements as fieldsV1 writes them: `f:spec`, `k:{"name":"app"}`, `v:"x"`.
Owners own leaves and list items; the structs between are nobody's. A set of paths and the nested
`fieldsV1` document are two spellings of one thing; in the latter `.` is the node itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from opsbot.sandbox.kubernetes import schema
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.schema import Type

Path = tuple[str, ...]
Paths = frozenset[Path]

# What the server itself writes; nobody owns it.
_SYSTEM = {("f:apiVersion",), ("f:kind",), ("f:metadata",)} | {
    ("f:metadata", f"f:{name}")
    for name in (
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "generation",
        "managedFields",
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    )
}
# Structs without a pointer in the real server: always present, therefore never added.
_EVER_PRESENT = {"f:metadata", "f:spec", "f:status", "f:template", "f:strategy", "f:containers"}
_INSIDE = object()


@dataclass(frozen=True)
class Comparison:
    """What one state of an object has and the other has not."""

    added: Paths
    modified: Paths
    removed: Paths


def of_object(kind: str, value: Json) -> Paths:
    """Return what an applied configuration claims: its leaves and its list items."""
    nodes = dict(_nodes((), schema.struct(kind), value))
    return frozenset(
        path
        for path, leaf in nodes.items()
        if (leaf is not _INSIDE or path[-1].startswith("k:")) and path not in _SYSTEM
    )


def compare(kind: str, old: Json, new: Json) -> Comparison:
    """Compare two states of an object, leaf by leaf."""
    before = dict(_nodes((), schema.struct(kind), old))
    after = dict(_nodes((), schema.struct(kind), new))
    added = {path for path in after if path not in before}
    removed = {path for path in before if path not in after}
    modified = {path for path in after if path in before and _differ(before[path], after[path])}
    nobodys = {path for path in after if after[path] is _INSIDE and path[-1] in _EVER_PRESENT}
    nobodys |= _SYSTEM
    return Comparison(
        frozenset(added - nobodys), frozenset(modified - nobodys), frozenset(removed - _SYSTEM)
    )


def _differ(before: Any, after: Any) -> bool:
    if before is _INSIDE or after is _INSIDE:
        return before is not after
    return bool(before != after)


def _nodes(path: Path, declared: Type, value: Any) -> Iterator[tuple[Path, Any]]:
    if not schema.is_granular(declared, value):
        yield path, value
        return
    if path:
        yield path, _INSIDE
    for element, kind, item in children(declared, value):
        yield from _nodes((*path, element), kind, item)


def children(declared: Type, value: Any) -> Iterator[tuple[str, Type, Any]]:
    """Walk the parts of a granular value: element of the path, type, part."""
    if schema.is_list(declared):
        for item in value:
            yield schema.item_key(declared, item), declared["list"], item
        return
    for key, item in value.items():
        yield f"f:{key}", schema.child(declared, key), item


def with_structs(kind: str, paths: Paths) -> Paths:
    """Add the declared fields on the way to each path (not map keys, not list items)."""
    return paths | {above for path in paths for above in _structs_above(kind, path)}


def _structs_above(kind: str, path: Path) -> Iterator[Path]:
    declared: Type = schema.struct(kind)
    for length, element in enumerate(path[:-1], start=1):
        named = schema.fields(declared) is not None
        declared = _step(declared, element)
        if named:
            yield path[:length]


def _step(declared: Type, element: str) -> Type:
    if schema.is_list(declared):
        item: Type = declared["list"]
        return item
    return schema.child(declared, element.removeprefix("f:"))


def without(kind: str, value: Json, doomed: Iterable[Path]) -> Json:
    """Return the object without the doomed paths and what is under them."""
    left: Json = _without(schema.struct(kind), value, to_fields(doomed))
    return left


def _without(declared: Type, value: Any, doomed: Json) -> Any:
    if not doomed or not schema.is_granular(declared, value):
        return value
    kept = [
        (element, _without(kind, item, doomed.get(element, {})))
        for element, kind, item in children(declared, value)
        if not _is_member(doomed.get(element))
    ]
    if schema.is_list(declared):
        return [item for _, item in kept]
    return {element.removeprefix("f:"): item for element, item in kept}


def _is_member(node: Json | None) -> bool:
    return node is not None and (not node or "." in node)


def to_fields(paths: Iterable[Path]) -> Json:
    """Spell a set as a fieldsV1 document."""
    root: Json = {}
    chosen = sorted(paths)
    for path in chosen:
        node = root
        for element in path:
            node = node.setdefault(element, {})
    for path in chosen:
        node = root
        for element in path:
            node = node[element]
        if node:
            node["."] = {}
    return _sorted(root)


def _sorted(node: Json) -> Json:
    return {key: _sorted(node[key]) for key in sorted(node)}


def of_fields(document: Json) -> Paths:
    """Read a fieldsV1 document."""
    return frozenset(_read((), document))


def _read(path: Path, node: Json) -> Iterator[Path]:
    if path and _is_member(node):
        yield path
    for element, below in node.items():
        if element != ".":
            yield from _read((*path, element), below)


def spell(path: Path) -> str:
    """Write a path the way messages do: `.spec.containers[name="app"].image`."""
    return "".join(_spell(element) for element in path)


def _spell(element: str) -> str:
    kind, _, text = element.partition(":")
    if kind == "f":
        return f".{text}"
    if kind == "v":
        return f"[={text}]"
    pairs = [pair.replace('"', "", 2).replace(":", "=", 1) for pair in text[1:-1].split(",")]
    return "[" + ",".join(pairs) + "]"
