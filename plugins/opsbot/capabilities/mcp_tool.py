"""A tool as an MCP server offers it in its answer to `tools/list`.

All of it is the server's word: the name and the input schema say what a call must look like; the
description and the hints (`annotations`) are claims that nobody has checked. A server may change a
tool after it was looked at, so a plan keeps `schema_sha256`, and the call compares it.

Shape: Model Context Protocol, "Tools", https://modelcontextprotocol.io/specification.
"""

import math
from typing import Any

from pydantic import Field

from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

DEEPEST = 64
"""Levels within one tool: no schema that people write comes near it, and hashing one that goes
on for ever would end the process."""


class McpTool(Value):
    """One tool of one MCP server, as it was listed."""

    name: str
    description: str = ""
    input_schema: dict[str, Any]
    output_schema: dict[str, Any] | None = None
    annotations: dict[str, Any] = Field(default_factory=dict)

    @property
    def schema_sha256(self) -> str:
        """What a call relies on, hashed: the name and the input schema."""
        return sha256_of({"name": self.name, "inputSchema": self.input_schema})


def read_tools(listing: object) -> tuple[McpTool, ...]:
    """Read the tools of a `tools/list` result, or of the JSON-RPC response that carries one.

    Raises `StepFailed` for what is not one; names the tool at fault by its place.
    """
    match listing:
        case {"tools": list() as tools}:
            return tuple(_read(tool, place) for place, tool in enumerate(tools))
        case {"result": {"tools": list()} as result}:
            return read_tools(result)
        case {"error": _}:
            raise StepFailed("this is an MCP error, not a tools/list result; ask the server again")
        case _:
            raise StepFailed('not a tools/list result: that is an object with a list "tools"')


def goes_on(listing: object) -> bool:
    """Tell whether the server said that there are further pages of tools."""
    match listing:
        case {"nextCursor": str()} | {"result": {"nextCursor": str()}}:
            return True
        case _:
            return False


def _read(tool: object, place: int) -> McpTool:
    if not isinstance(tool, dict):
        raise StepFailed(f"tools[{place}] is not an object, but every tool of tools/list is one")
    name = tool.get("name")
    if not isinstance(name, str) or not name:
        raise StepFailed(f"tools[{place}] has no name: a text that is not empty")
    _must_be_spellable(tool, place)
    return McpTool(
        name=name,
        description=tool["description"] if isinstance(tool.get("description"), str) else "",
        input_schema=_object(tool, "inputSchema", place) or {},
        output_schema=_object(tool, "outputSchema", place),
        annotations=_object(tool, "annotations", place) or {},
    )


def _object(tool: dict[str, Any], key: str, place: int) -> dict[str, Any] | None:
    value = tool.get(key)
    if value is None and key != "inputSchema":
        return None
    if not isinstance(value, dict):
        raise StepFailed(f"tools[{place}].{key} is not an object")
    return value


def _must_be_spellable(tool: dict[str, Any], place: int) -> None:
    """Refuse what JSON reads but cannot write again: the depth, NaN, half of a character."""
    level: list[Any] = [tool]
    for _ in range(DEEPEST):
        if not all(_spellable(each) for each in level):
            raise StepFailed(f"tools[{place}] holds a value that no JSON text can spell")
        level = [part for each in level for part in _parts(each)]
        if not level:
            return
    raise StepFailed(f"tools[{place}] is nested deeper than {DEEPEST} levels")


def _spellable(value: object) -> bool:
    match value:
        case str():
            return not any("\ud800" <= letter <= "\udfff" for letter in value)
        case float():
            return math.isfinite(value)
        case _:
            return True


def _parts(value: object) -> list[Any]:
    match value:
        case dict():
            return [*value.keys(), *value.values()]
        case list():
            return value
        case _:
            return []
