"""`opsbot tools`: the tools that plans can use, OPS Bot's own and those of MCP servers, counted.

`opsbot tools match` tells which tool of an MCP server serves which capability, from a file that
holds the server's list of tools.
"""

import argparse
import contextlib
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.words import ServerKind

if TYPE_CHECKING:
    from rich.console import RenderableType

SUMMARY = "list the tools that plans can use"
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
    from opsbot.doors import mcp_servers, tool_listing

    # Airflow logs to standard output, where a program reads JSON.
    with contextlib.redirect_stdout(sys.stderr):
        kinds = mcp_servers.known(inside_airflow=arguments.inside_airflow)
        found = tool_listing.listing(mcp_servers.found(kinds))
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return 0
    _print(tool_listing.shown(found))
    return 0


def _print(parts: "Iterator[RenderableType]") -> None:
    from rich.console import Console

    console = Console()
    for each in parts:
        console.print(each)
