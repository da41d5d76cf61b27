"""What fits the schema: the two ways the server says that a body does not.

A server-side apply that does not fit is HTTP 500 "failed to create typed patch object", even for
a misspelled field. Every other write drops unknown fields (or refuses them under
fieldValidation=Strict) and answers 400 to a wrong type.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from opsbot.sandbox.kubernetes import fieldsets, problems, schema
from opsbot.sandbox.kubernetes.kinds import Resource
from opsbot.sandbox.kubernetes.problems import Json, Problem
from opsbot.sandbox.kubernetes.schema import Type

_NUMERIC = (int, float)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def check_patch(resource: Resource, configuration: Json) -> None:
    """Refuse a configuration to apply that does not fit the schema."""
    faults = list(_faults("", schema.struct(resource.kind), configuration))
    if faults:
        metadata = configuration.get("metadata", {})
        where = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
        about = f"({where}; {resource.api_version}, Kind={resource.kind})"
        raise problems.untyped(f"failed to create typed patch object {about}: {_joined(faults)}")


def _joined(faults: list[str]) -> str:
    if len(faults) == 1:
        return faults[0]
    return "errors:\n" + "\n".join(f"  {fault}" for fault in faults)


def _faults(path: str, declared: Type, value: Any) -> Iterator[str]:
    if value is None or declared == "any":
        return
    if isinstance(declared, str):
        if wrong := _mistyped(declared, value):
            yield f"{path}: expected {wrong}"
        return
    if schema.is_list(declared):
        yield from _list_faults(path, declared, value)
    elif not isinstance(value, dict):
        yield f"{path}: expected map, got {_go(value)}"
    else:
        yield from _map_faults(path, declared, value)


def _map_faults(path: str, declared: Type, value: dict[str, Any]) -> Iterator[str]:
    known = schema.fields(declared)
    for key, item in value.items():
        if known is not None and key not in known:
            yield f"{path}.{key}: field not declared in schema"
        else:
            yield from _faults(f"{path}.{key}", schema.child(declared, key), item)


def _list_faults(path: str, declared: dict[str, Any], value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path}: expected list, got {_go(value)}"
        return
    seen = set()
    for position, item in enumerate(value):
        if "keys" not in declared or not isinstance(item, dict):
            yield from _faults(f"{path}[{position}]", declared["list"], item)
            continue
        key = fieldsets.spell((schema.item_key(declared, item),))
        if key in seen:
            yield f"{path}: duplicate entries for key {key}"
        seen.add(key)
        yield from _faults(path + key, declared["list"], item)


def _mistyped(declared: str, value: Any) -> str:
    is_number = isinstance(value, _NUMERIC) and not isinstance(value, bool)
    match declared:
        case "string" | "time" if not isinstance(value, str):
            return f"string, got {_go(value)}"
        case "integer" | "number" if not is_number:
            return f"numeric (int or float), got {_go(value, bare=True)}"
        case "boolean" if not isinstance(value, bool):
            return f"boolean, got {_go(value)}"
        case _:
            return ""


def _go(value: Any, *, bare: bool = False) -> str:
    if bare and isinstance(value, str):
        return "string"
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f"&value.valueUnstructured{{Value:{_quoted(value, shown)}}}"


def _quoted(value: Any, shown: str) -> str:
    return f'"{shown}"' if isinstance(value, str) else shown


def check_base64(resource: Resource, body: Json, *, applied: bool) -> None:
    """Refuse a Secret whose values are not base64, in the words of the road that it came by."""
    for text in (body.get("data") or {}).values() if resource.kind == "Secret" else ():
        at = _illegal_byte(text)
        if at is None:
            continue
        why = f"illegal base64 data at input byte {at}"
        if not applied:
            raise problems.bad_request(_unreadable(resource, why))
        metadata = body.get("metadata", {})
        about = f"({metadata.get('namespace', '')}/{metadata.get('name', '')}; /v1, Kind=Secret)"
        raise problems.untyped(
            f"failed to convert new object {about} to proper version: unable to convert "
            f"unstructured object to /v1, Kind=Secret: error decoding from json: {why}"
        )


def _illegal_byte(text: str) -> int | None:
    if _BASE64.fullmatch(text):
        return None
    wrong = re.search(r"[^A-Za-z0-9+/]", text.rstrip("="))
    return wrong.start() if wrong else len(text)


def decode(resource: Resource, body: Json, *, strict: bool) -> Json:
    """Read a body as the kind's type: unknown fields go, wrong types are refused."""
    unknown: list[str] = []
    about = Reading(resource, unknown)
    decoded: Json = _decoded("", schema.struct(resource.kind), body, about)
    if strict and unknown:
        listed = ", ".join(f'unknown field "{field}"' for field in unknown)
        raise problems.bad_request(_unreadable(resource, f"strict decoding error: {listed}"))
    return decoded


def _unreadable(resource: Resource, why: str) -> str:
    return f'{resource.kind} in version "v1" cannot be handled as a {resource.kind}: {why}'


@dataclass(frozen=True)
class Reading:
    """What is read: into which kind, in which struct, and which fields it does not know."""

    resource: Resource
    unknown: list[str]
    struct: str = ""


def _decoded(path: str, declared: Type, value: Any, about: Reading) -> Any:
    if value is None or declared == "any":
        return value
    if isinstance(declared, str):
        if _mistyped(declared, value):
            raise _unmarshal(path, declared, value, about)
        return value
    if schema.is_list(declared):
        if not isinstance(value, list):
            raise _unmarshal(path, "list", value, about)
        items = enumerate(value)
        return [_decoded(f"{path}[{at}]", declared["list"], item, about) for at, item in items]
    if not isinstance(value, dict):
        raise _unmarshal(path, "object", value, about)
    return _decoded_map(path, declared, value, about)


def _decoded_map(
    path: str, declared: dict[str, Any], value: dict[str, Any], about: Reading
) -> dict[str, Any]:
    known = schema.fields(declared)
    inside = replace(about, struct=declared.get("struct", about.struct))
    decoded = {}
    for key, item in value.items():
        below = f"{path}.{key}" if path else key
        if known is not None and key not in known:
            about.unknown.append(below)
        else:
            decoded[key] = _decoded(below, schema.child(declared, key), item, inside)
    return decoded


def _unmarshal(path: str, declared: str, value: Any, about: Reading) -> Problem:
    go = {bool: "bool", int: "number", float: "number", str: "string", list: "array"}
    types = {"integer": "int32", "boolean": "bool", "list": "slice", "object": "struct"}
    field = re.sub(r"\[\d+\]", "", f"{about.struct}.{path}")
    found, wanted = go.get(type(value), "object"), types.get(declared, declared)
    text = f"json: cannot unmarshal {found} into Go struct field {field} of type {wanted}"
    return problems.bad_request(_unreadable(about.resource, text))
