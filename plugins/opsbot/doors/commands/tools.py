"""`opsbot tools`: the tools that plans can use, counted from the catalog."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

    from opsbot.capabilities.capability import Capability

SUMMARY = "list the tools that plans can use"
NATIVE = "native"
"""Where a tool is from that OPS Bot brings itself."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot tools` takes."""
    parser.add_argument("--json", action="store_true", help="print the tools as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print the tools of each kind of server."""
    found = listing()
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    from rich.console import Console

    console = Console()
    for each in _shown(found):
        console.print(each)
    return 0


def listing() -> dict[str, Any]:
    """Return the tools of each kind of server, with their counts."""
    from opsbot.capabilities import catalog
    from opsbot.vocabulary.words import ServerKind

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
