"""Tool lists in short: one tool a line, `name(input, input!, input:type, input=a|b!)`.

`!` marks what the tool demands, `=` what the schema lists, `~` an input without a type; `({...})`
puts all inputs into one object. A letter behind it is a hint: R reads only, W does not, D destroys.
"""

import pathlib
import re
from typing import Any

import yaml

from opsbot.capabilities.matching import match
from opsbot.capabilities.mcp_tool import McpTool, read_tools
from opsbot.vocabulary.words import ServerKind

FOLDER = pathlib.Path(__file__).parent
NAMES = {
    ServerKind.JENKINS: "jenkins_whoami()",
    ServerKind.SONARQUBE: "sonarqube_ping()",
    ServerKind.DOCKER: "docker_version()",
    ServerKind.KUBERNETES: "kubernetes_version()",
}
"""A tool that says nothing but the kind of its server."""

_TOOL = re.compile(r"(?P<name>\S+?)\((?P<inputs>.*)\)\s*(?P<hint>[RDW]?)")
_INPUT = re.compile(
    r"(?P<name>\w+)(?P<untyped>~?)(?::(?P<type>\w+))?(?:=(?P<values>[^!]*))?(?P<must>!?)"
)
_HINTS = {
    "": {},
    "R": {"readOnlyHint": True},
    "W": {"readOnlyHint": False},
    "D": {"readOnlyHint": False, "destructiveHint": True},
}


def tools(text: str) -> tuple[McpTool, ...]:
    """Read tools written in short."""
    return read_tools({"tools": [_tool(line) for line in text.strip().splitlines()]})


def matched(kind: ServerKind, text: str) -> dict[str, str]:
    """Return what the tools serve, without what nothing serves."""
    mapping = match.match(kind, tools(text)).mapping
    return {capability: tool for capability, tool in mapping.items() if tool}


def loaded(path: pathlib.Path) -> dict[str, Any]:
    """Read a data file."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _tool(line: str) -> dict[str, Any]:
    found = _TOOL.fullmatch(line.strip())
    assert found, line
    inputs = found["inputs"]
    schema = _wrapped(_schema(inputs[1:-1])) if inputs.startswith("{") else _schema(inputs)
    return {"name": found["name"], "inputSchema": schema, "annotations": _HINTS[found["hint"]]}


def _wrapped(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"params": {"$ref": "#/$defs/Input"}},
        "required": ["params"],
        "$defs": {"Input": schema},
    }


def _schema(inputs: str) -> dict[str, Any]:
    found = [_INPUT.fullmatch(each.strip()) for each in inputs.split(",") if each.strip()]
    assert all(found), inputs
    return {
        "type": "object",
        "properties": {each["name"]: _property(each) for each in found if each},
        "required": [each["name"] for each in found if each and each["must"]],
    }


def _property(found: re.Match[str]) -> dict[str, Any]:
    if found["untyped"]:
        return {}
    if found["values"]:
        return {"type": "string", "enum": found["values"].split("|")}
    return {"type": found["type"] or "string"}
