"""`opsbot tools`: the tools that plans can use, counted from the catalog.

`opsbot tools match` tells which tool of an MCP server serves which capability, from a file that
holds the server's list of tools.
"""

import argparse
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.words import ServerKind

if TYPE_CHECKING:
    from rich.console import RenderableType

    from opsbot.capabilities.capability import Capability

SUMMARY = "list the tools that plans can use"
NATIVE = "native"
"""Where a tool is from that OPS Bot brings itself."""
USAGE_ERROR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot tools` takes."""
    parser.add_argument("--json", action="store_true", help="print the tools as JSON")
    parts = parser.add_subparsers(dest="part", metavar="match")
    summary = "tell which tool of an MCP server serves which capability"
    match = parts.add_parser("match", description=summary, help=summary)
    match.add_argument("file", type=pathlib.Path, metavar="FILE", help="a tools/list result (JSON)")
    match.add_argument(
        "--kind", required=True, choices=[kind.value for kind in ServerKind], help="kind of server"
    )
    # `opsbot tools --json match` and `opsbot tools match --json` mean the same.
    match.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print the matches as JSON"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the tools of each kind of server, or what an MCP server's tools match."""
    return _match(arguments) if arguments.part == "match" else _list(arguments)


def _match(arguments: argparse.Namespace) -> int:
    from opsbot.doors import tool_matching

    try:
        matching = tool_matching.matching_of(arguments.file, ServerKind(arguments.kind))
    except StepFailed as wrong:
        print(f"opsbot: {wrong}", file=sys.stderr)
        return USAGE_ERROR
    if arguments.json:
        print(tool_matching.as_json(matching))
    else:
        _print(tool_matching.shown(matching))
    return 0


def _list(arguments: argparse.Namespace) -> int:
    found = listing()
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    _print(_shown(found))
    return 0


def _print(parts: "Iterator[RenderableType]") -> None:
    from rich.console import Console

    console = Console()
    for each in parts:
        console.print(each)


def listing() -> dict[str, Any]:
    """Return the tools of each kind of server, with their counts."""
    from opsbot.capabilities import catalog

    tools = tuple(catalog.native())
    servers = [
        {
            "kind": kind.value,
            "label": kind.label,
            "count": len(own := [each for each in tools if each.server is kind]),
            "tools": [_tool(each) for each in own],
        }
        for kind in ServerKind
    ]
    return {"count": len(tools), "servers": servers}


def _tool(capability: "Capability") -> dict[str, Any]:
    return {
        "name": capability.name,
        "capability": capability.name,
        "risk": capability.risk.value,
        "changes": capability.changes,
        "from": NATIVE,
        "summary": capability.summary,
    }


def _shown(found: dict[str, Any]) -> "Iterator[RenderableType]":
    from rich.table import Table
    from rich.text import Text

    for server in found["servers"]:
        yield Text(f"{server['label']} - {server['count']} tools", style="bold")
        table = Table(box=None, padding=(0, 1), show_header=False)
        for tool in server["tools"]:
            cells = (tool["name"], tool["risk"], tool["from"], tool["summary"])
            table.add_row("•", *(Text(cell) for cell in cells))
        yield table
        yield Text("")
    yield Text(f"Total: {found['count']} tools of {len(found['servers'])} kinds of servers")
