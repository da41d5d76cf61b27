"""Cut an answer to what `tree` asks for, as Jenkins does.

`jobs[name,lastBuild[number]],builds[number]{0,20}`: a name without brackets brings an object's
class and nothing else; a range takes so many of an array; a name that there is not is ignored in
silence. `_class` always comes along.
"""

import re
from typing import Any

Tree = dict[str, "Branch"]
Branch = tuple[Tree, slice]

_TOKEN = re.compile(r"\s*([A-Za-z0-9_:$-]+|[\[\],]|\{[^{}]*\})\s*")
_RANGE = re.compile(r"\{(\d*)(,?)(\d*)\}")


class Malformed(Exception):
    """A `tree` that Jenkins answers with a 500."""


def parse(text: str) -> Tree:
    """Read a tree expression."""
    tokens: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise Malformed(text)
        tokens.append(found[1])
        at = found.end()
    tree = _level(tokens)
    if tokens:
        raise Malformed(text)
    return tree


def cut(found: Any, tree: Tree) -> Any:
    """Return what of a JSON value the tree asks for."""
    if isinstance(found, list):
        return [cut(each, tree) for each in found]
    if not isinstance(found, dict):
        return found
    kept = {"_class": found["_class"]} if "_class" in found else {}
    for name, (below, wanted) in tree.items():
        if name in found:
            value = found[name]
            kept[name] = cut(value[wanted] if isinstance(value, list) else value, below)
    return kept


def _level(tokens: list[str]) -> Tree:
    tree: Tree = {}
    while True:
        name = tokens.pop(0) if tokens else ""
        if not re.fullmatch(r"[\w:$-]+", name):
            raise Malformed(name)
        tree[name] = (_below(tokens), _range(tokens))
        if not tokens or tokens[0] != ",":
            return tree
        tokens.pop(0)


def _below(tokens: list[str]) -> Tree:
    if not tokens or tokens[0] != "[":
        return {}
    tokens.pop(0)
    tree = _level(tokens)
    if not tokens or tokens.pop(0) != "]":
        raise Malformed("[")
    return tree


def _range(tokens: list[str]) -> slice:
    if not tokens or not tokens[0].startswith("{"):
        return slice(None)
    found = _RANGE.fullmatch(tokens.pop(0).replace(" ", ""))
    if not found:
        raise Malformed("{")
    first, comma, end = found.groups()
    if not comma:
        return slice(int(first or 0), int(first or 0) + 1)
    return slice(int(first or 0), int(end) if end else None)
