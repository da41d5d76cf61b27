"""Match the tools in a file, an MCP server's answer to `tools/list`, as a program or person asks.

The file is whatever somebody saved: it may be no JSON, endless, or made to end the reader.
"""

import json
import pathlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from opsbot.vocabulary.errors import StepFailed

if TYPE_CHECKING:
    from rich.console import RenderableType

    from opsbot.capabilities.matching.match import Matching
    from opsbot.vocabulary.words import ServerKind

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes. A hundred tools with long descriptions are half a megabyte."""


def matching_of(file: pathlib.Path, kind: "ServerKind") -> "Matching":
    """Match the tools of a file; raises `StepFailed` where it holds no list of tools."""
    from opsbot.capabilities import mcp_tool
    from opsbot.capabilities.matching import match

    listing = _read(file)
    try:
        tools = mcp_tool.read_tools(listing)
    except StepFailed as wrong:
        raise StepFailed(f"{file}: {wrong}") from wrong
    if mcp_tool.goes_on(listing):
        print(
            f"{file}: the server has further tools (nextCursor) that are not in this file; "
            "put the tools of all pages into one list to match them all",
            file=sys.stderr,
        )
    return match.match(kind, tools)


def as_json(matching: "Matching") -> str:
    """Write a matching as JSON."""
    return json.dumps({"mapping": matching.mapping, "denied": list(matching.denied)}, indent=2)


def shown(matching: "Matching") -> "Iterator[RenderableType]":
    """Return a matching as a person reads it."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1), show_header=False)
    for capability, tool in matching.mapping.items():
        table.add_row(capability, Text(_printable(tool) if tool else "-"))
    yield table
    if matching.denied:
        yield Text("")
        yield Text("Never called:", style="bold")
        yield Text(", ".join(_printable(name) for name in matching.denied))


def _printable(name: str) -> str:
    """Return a name that cannot move the cursor or turn the line around."""
    return name if name.isprintable() else ascii(name)


def _read(file: pathlib.Path) -> Any:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as wrong:
        raise StepFailed(f"{file} cannot be read ({wrong}); name a file that exists") from wrong
    if len(content) > LARGEST_FILE:
        raise StepFailed(
            f"{file} is larger than {LARGEST_FILE // 1024**2} MiB; no list of tools is so large"
        )
    try:
        return json.loads(content)
    except RecursionError as wrong:
        raise StepFailed(f"{file} is nested too deep to be a list of tools") from wrong
    except ValueError as wrong:
        remedy = "save the server's tools/list result as JSON"
        raise StepFailed(f"{file} is not JSON ({wrong}); {remedy}") from wrong
