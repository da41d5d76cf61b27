"""The tools that there are: OPS Bot's own, and those of MCP servers that serve a capability.

A server's tool is listed with the capability's risk and summary; its own words are not repeated.
Counts are those of the lists.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from opsbot.capabilities import catalog
from opsbot.capabilities.calling import fitness
from opsbot.capabilities.capability import Capability
from opsbot.capabilities.matching import match
from opsbot.capabilities.mcp_found import McpFound
from opsbot.planning import wording
from opsbot.vocabulary.words import ServerKind

if TYPE_CHECKING:
    from rich.console import RenderableType

NATIVE = "native"
"""Where a tool is from that OPS Bot brings itself."""


def listing(servers: Sequence[McpFound]) -> dict[str, Any]:
    """Return the tools of each kind of server, with their counts, and the MCP servers asked."""
    own = {kind: [_native(each) for each in _capabilities(kind)] for kind in ServerKind}
    asked = [_asked(each) for each in servers]
    for each in servers:
        if each.kind is not None:
            own[each.kind] += _serving(each, each.kind)
    kinds = [
        {"kind": kind.value, "label": kind.label, "count": len(tools), "tools": tools}
        for kind, tools in own.items()
    ]
    return {"count": sum(map(len, own.values())), "servers": kinds, "mcp": asked}


def _capabilities(kind: ServerKind) -> list[Capability]:
    return [each for each in catalog.native() if each.server is kind]


def _native(capability: Capability) -> dict[str, Any]:
    return {
        "name": capability.name,
        "capability": capability.name,
        "risk": capability.risk.value,
        "changes": capability.changes,
        "from": NATIVE,
        "summary": capability.summary,
    }


def _serving(server: McpFound, kind: ServerKind) -> list[dict[str, Any]]:
    """Return a server's tools that serve a capability, each once, in the server's order."""
    serving = match.match(kind, server.tools).serving
    by_tool: dict[str, list[Capability]] = {}
    for capability in _capabilities(kind):
        for name in serving[capability.name]:
            by_tool.setdefault(name, []).append(capability)
    return [
        {
            **_native(by_tool[tool.name][0]),
            "name": wording.visible(tool.name),
            "from": server.connection,
            "capabilities": [each.name for each in by_tool[tool.name]],
            "can_be_pinned": [
                each.name for each in by_tool[tool.name] if fitness.can_be_pinned(kind, each.name)
            ],
        }
        for tool in server.tools
        if tool.name in by_tool
    ]


def _asked(server: McpFound) -> dict[str, Any]:
    """Return what one MCP server came to."""
    kind = server.kind
    denied = match.match(kind, server.tools).denied if kind else ()
    serving = _serving(server, kind) if kind else []
    return {
        "connection": server.connection,
        "kind": kind.value if kind else None,
        "count": len(server.tools),
        "serving": len(serving),
        "denied": [wording.visible(each) for each in denied],
        "problem": server.problem,
    }


def shown(found: dict[str, Any]) -> "Iterator[RenderableType]":
    """Return a listing as a person reads it."""
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
    if found["mcp"]:
        yield Text("")
        yield Text("MCP servers", style="bold")
        yield from (Text(f"• {_in_words(each)}") for each in found["mcp"])


def _in_words(server: dict[str, Any]) -> str:
    name = server["connection"]
    if server["problem"]:
        return f"{name}: {server['problem']}"
    if server["kind"] is None:
        return (
            f"{name}: {server['count']} tools of nobody knows which system. Put it into the "
            f"connection's extra, one of {', '.join(ServerKind)}: "
            '{"kind": "..."}'
        )
    denied = f"; never called: {', '.join(server['denied'])}" if server["denied"] else ""
    label = ServerKind(server["kind"]).label
    return f"{name} ({label}): {server['count']} tools, {server['serving']} of use{denied}"
