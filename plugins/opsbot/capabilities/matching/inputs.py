"""What a tool's input schema says about each input: name, type, values, whether it must be given.

JSON Schema says a thing in many ways; this reads those that tool generators write: `$ref` into the
schema's own definitions, `anyOf` with null for what may be left out, one wrapping object around all
inputs, and alternatives of which one must be given. What cannot be told is taken as demanded.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from opsbot.capabilities.matching.words import texts, words_of
from opsbot.vocabulary.model import Value

_MOST_REFERENCES = 8
_MOST_WRAPPERS = 2
_ALTERNATIVES = re.compile(r"\^?\(?(?:\?:)?([A-Za-z0-9_-]+(?:\|[A-Za-z0-9_-]+)+)\)?\$?")

Schema = Mapping[str, Any]


class Input(Value):
    """One input of a tool."""

    name: str
    words: frozenset[str]
    required: bool
    types: frozenset[str]
    """JSON types; empty: any."""
    values: tuple[str, ...] = ()
    """The values that the schema lists; empty: it lists none."""
    may_be_null: bool = False

    @property
    def scalar(self) -> bool:
        """Whether one word fills it."""
        return not self.types & {"array", "object"}


class Inputs(Value):
    """All inputs of a tool."""

    inputs: tuple[Input, ...]
    one_of: tuple[frozenset[str], ...] = ()
    """Groups of names of which one whole group must be given besides."""

    def words(self) -> frozenset[str]:
        """Return all words of all names."""
        return frozenset(word for each in self.inputs for word in each.words)


def inputs_of(schema: Schema, known: frozenset[str] = frozenset()) -> Inputs:
    """Read a tool's input schema; `known` words are found in glued names."""
    whole, required = _unwrapped(schema)
    declared = _properties(whole, schema)
    one_of = tuple(_one_of(whole, schema))
    named = sorted(required.union(*one_of))
    names = dict.fromkeys([*declared, *named])
    return Inputs(
        inputs=tuple(
            _input(name, _resolved(declared.get(name), schema), name in required, known)
            for name in names
        ),
        one_of=one_of,
    )


def _unwrapped(schema: Schema) -> tuple[Schema, frozenset[str]]:
    """Return the object that holds the inputs, and the names that must be given."""
    whole, wrapper_required = schema, True
    for _ in range(_MOST_WRAPPERS):
        properties = _properties(whole, schema)
        if len(properties) != 1:
            break
        ((name, only),) = properties.items()
        inner = _resolved(only, schema)
        if not _properties(inner, schema) and inner.get("properties") != {}:
            break
        wrapper_required = wrapper_required and name in _required(whole, schema)
        whole = inner
    return whole, _required(whole, schema) if wrapper_required else frozenset()


def _properties(whole: Schema, schema: Schema) -> dict[str, Any]:
    """Return the declared inputs, those of all parts of the schema together.

    An input that several parts declare (`action`, with another value in each) may be any of them.
    """
    declared: dict[str, list[Any]] = {}
    parts = [each for part in ("allOf", "anyOf", "oneOf") for each in _list(whole.get(part))]
    for each in (whole, *(_resolved(part, schema) for part in parts)):
        for name, input_schema in _dict(each.get("properties")).items():
            declared.setdefault(name, []).append(input_schema)
    return {
        name: schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        for name, schemas in declared.items()
    }


def _required(whole: Schema, schema: Schema) -> frozenset[str]:
    parts = [whole, *(_resolved(each, schema) for each in _list(whole.get("allOf")))]
    return frozenset(name for part in parts for name in _strings(part.get("required")))


def _one_of(whole: Schema, schema: Schema) -> Iterator[frozenset[str]]:
    for part in ("anyOf", "oneOf"):
        for each in _list(whole.get(part)):
            yield frozenset(_strings(_resolved(each, schema).get("required")))


def _input(name: str, schema: Schema, required: bool, known: frozenset[str]) -> Input:
    variants = [schema, *_variants(schema)]
    types = frozenset(each for variant in variants for each in _types(variant))
    values = tuple(dict.fromkeys(each for variant in variants for each in _values(variant)))
    may_be_null = "null" in types or not (types or values)
    return Input(
        name=name,
        words=texts(words_of(name, known)),
        required=required and "default" not in schema and len(values) != 1,
        types=types - {"null"},
        values=values,
        may_be_null=may_be_null,
    )


def _variants(schema: Schema) -> list[Schema]:
    return [_dict(each) for part in ("anyOf", "oneOf", "allOf") for each in _list(schema.get(part))]


def _types(schema: Schema) -> list[str]:
    kind = schema.get("type")
    if isinstance(kind, str):
        return [kind]
    return [*_strings(kind), *(["object"] if isinstance(schema.get("properties"), dict) else [])]


def _values(schema: Schema) -> list[str]:
    if isinstance(schema.get("const"), str):
        return [schema["const"]]
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and (found := _ALTERNATIVES.fullmatch(pattern)):
        return found[1].split("|")
    return _strings(schema.get("enum"))


def _resolved(schema: object, root: Schema) -> Schema:
    """Follow references into the schema's own definitions, never further and never in circles."""
    for _ in range(_MOST_REFERENCES):
        found = _dict(schema)
        reference = found.get("$ref")
        if not isinstance(reference, str):
            return _with_resolved_variants(found, root)
        schema = _definition(reference, root)
    return {}


def _with_resolved_variants(schema: Schema, root: Schema) -> Schema:
    resolved = dict(schema)
    for part in ("anyOf", "oneOf", "allOf"):
        if part in schema:
            resolved[part] = [
                {**_definition(each["$ref"], root)}
                if isinstance(each, dict) and isinstance(each.get("$ref"), str)
                else each
                for each in _list(schema[part])
            ]
    return resolved


def _definition(reference: str, root: Schema) -> Schema:
    place: Any = root
    for step in reference.removeprefix("#/").split("/"):
        place = _dict(place).get(step)
    return _dict(place)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]
