"""The types of all fields, as the real API server declares them.

`schema.json` is Kubernetes 1.34's own OpenAPI document (Apache-2.0) reduced to what merging needs:
per type its fields, and per field whether it is a scalar, a struct, a map or a list. A list with
`keys` is merged by them (containers by name), a `set` by value, any other is replaced as a whole;
`merge` is the key of a strategic merge patch, which may be another one.
"""

import functools
import json
from importlib import resources
from typing import Any, TypeGuard

Type = str | dict[str, Any]


@functools.cache
def types() -> dict[str, dict[str, Type]]:
    """Read the declared types, by name."""
    text = resources.files(__package__).joinpath("schema.json").read_text("utf-8")
    declared: dict[str, dict[str, Type]] = json.loads(text)
    return declared


def struct(kind: str) -> Type:
    """Name the type of a whole object."""
    return {"struct": kind}


def fields(declared: Type) -> dict[str, Type] | None:
    """Return the fields of a struct; None for whatever is not one."""
    if isinstance(declared, dict) and "struct" in declared:
        return types()[declared["struct"]]
    return None


def is_map(declared: Type) -> TypeGuard[dict[str, Any]]:
    """Tell whether keys are free (labels) rather than declared (a spec)."""
    return isinstance(declared, dict) and "map" in declared


def is_list(declared: Type) -> TypeGuard[dict[str, Any]]:
    """Tell whether the value is a list."""
    return isinstance(declared, dict) and "list" in declared


def child(declared: Type, key: str) -> Type:
    """Return the type of one field or map entry; `any` where nothing is declared."""
    known = fields(declared)
    if known is not None:
        return known.get(key, "any")
    return declared["map"] if is_map(declared) else "any"


def is_granular(declared: Type, value: Any) -> bool:
    """Tell whether parts of the value can have different owners."""
    if not isinstance(declared, dict) or declared.get("atomic") or not value:
        return False
    if is_list(declared):
        return isinstance(value, list) and ("keys" in declared or "set" in declared)
    return isinstance(value, dict)


def item_key(declared: dict[str, Any], item: Any) -> str:
    """Name an item of a merged list the way fieldsV1 does: `k:{"name":"app"}` or `v:"x"`."""
    if "keys" not in declared:
        return "v:" + json.dumps(item, separators=(",", ":"))
    return "k:" + json.dumps(_keys(declared["keys"], item), separators=(",", ":"))


def _keys(names: list[str], item: dict[str, Any]) -> dict[str, Any]:
    defaulted = {"protocol": "TCP"}
    return {name: item.get(name, defaulted.get(name)) for name in names}
