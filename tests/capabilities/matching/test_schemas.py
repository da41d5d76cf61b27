"""The ways in which tool generators write an input schema, and schemas that nobody would write."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from opsbot.capabilities.matching import match
from opsbot.capabilities.mcp_tool import read_tools
from opsbot.vocabulary.words import ServerKind

STRING = {"type": "string"}
OPTIONAL = {"anyOf": [STRING, {"type": "null"}], "default": None}


def _pulls(schema: dict[str, Any]) -> bool:
    tools = read_tools({"tools": [{"name": "docker_pull_image", "inputSchema": schema}]})
    return match.match(ServerKind.DOCKER, tools).mapping["pull_image"] == "docker_pull_image"


def _object(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required or []}


@pytest.mark.parametrize(
    "schema",
    [
        _object(["image"], image=STRING),
        _object(["image"], image=STRING, ticket=OPTIONAL),
        _object(["image"], image={"type": ["string", "null"]}),
        _object(["image"], image={"$ref": "#/$defs/Image"}) | {"$defs": {"Image": STRING}},
        _object(["image"], image={"allOf": [{"$ref": "#/definitions/I"}]})
        | {"definitions": {"I": STRING}},
        _object(["image", "ticket"], image=STRING, ticket={"const": "none"}),
        _object(["image", "ticket"], image=STRING, ticket={**STRING, "default": "none"}),
        _object(["request"], request=_object(["image"], image=STRING)),
        _object(["a"], a=_object(["b"], b=_object(["image"], image=STRING))),
        {"type": "object", "allOf": [_object(["image"], image=STRING)]},
        _object(image=STRING, ticket=STRING)
        | {"anyOf": [{"required": ["ticket"]}, {"required": ["image"]}]},
    ],
)
def test_a_schema_whose_demands_can_be_filled_is_understood(schema):
    assert _pulls(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        _object(["image", "ticket"], image=STRING, ticket=STRING),
        _object(["image", "ticket"], image=STRING),
        _object(["image"], image={"type": "object"}),
        _object(["request"], request=_object(["image", "ticket"], image=STRING, ticket=STRING)),
        {"allOf": [_object(["image"], image=STRING), _object(["ticket"], ticket=STRING)]},
        _object(image=STRING) | {"anyOf": [{"required": ["ticket"]}, {"required": ["other"]}]},
    ],
)
def test_a_schema_whose_demands_cannot_be_filled_serves_nothing(schema):
    assert not _pulls(schema)


@pytest.mark.parametrize(
    "chooser",
    [
        {"enum": ["pull", "rm"]},
        {"anyOf": [{"const": "pull"}, {"const": "rm"}]},
        {"type": "string", "pattern": "^(pull|rm)$"},
        {"$ref": "#/$defs/Action"},
    ],
)
def test_values_are_listed_in_many_ways(chooser):
    schema = _object(["action"], action=chooser, image=STRING)
    schema["$defs"] = {"Action": {"type": "string", "enum": ["rm", "pull"]}}
    tools = read_tools({"tools": [{"name": "docker_images", "inputSchema": schema}]})

    assert match.match(ServerKind.DOCKER, tools).mapping["pull_image"] == "docker_images"


def test_a_union_of_actions_lists_the_value_of_each_part():
    parts = [_object(["action"], action={"const": name}, image=STRING) for name in ("rm", "pull")]
    tools = read_tools({"tools": [{"name": "docker_images", "inputSchema": {"oneOf": parts}}]})

    assert match.match(ServerKind.DOCKER, tools).mapping["pull_image"] == "docker_images"


def test_a_chooser_of_thousands_is_no_list_of_actions():
    values = ["pull", *(f"act{number}" for number in range(5000))]
    schema = _object(["action"], action={"enum": values}, image=STRING)
    tools = read_tools({"tools": [{"name": "docker_images", "inputSchema": schema}]})

    assert match.match(ServerKind.DOCKER, tools).mapping["pull_image"] is None


KEYS = some.sampled_from(
    ["type", "properties", "required", "anyOf", "oneOf", "allOf", "$ref", "enum", "const", "image"]
)
VALUES = some.sampled_from([None, True, 7, 0.5, "string", "object", "#/properties", "image"])
JSON = some.recursive(
    VALUES,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.dictionaries(KEYS, JSON, max_size=5))
def test_no_schema_ends_the_matching(schema):
    tools = read_tools({"tools": [{"name": "docker_pull_image", "inputSchema": schema}]})

    for kind in ServerKind:
        assert match.match(kind, tools).mapping
