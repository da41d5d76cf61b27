"""Whether a tool may carry out a capability. Asked when a plan is made, and again at the call.

Only the name and the shape of a tool count. What its description says, orders or promises changes
nothing here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from opsbot.capabilities.calling import appliers, inputs
from opsbot.capabilities.calling.reads import READS
from opsbot.capabilities.matching import match
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.words import ServerKind

APPLY = (ServerKind.KUBERNETES, "apply_deployment")


def can_be_pinned(kind: ServerKind, capability: str) -> bool:
    """Tell whether any tool of an MCP server may carry out this capability."""
    return capability in pinnable(kind)


def pinnable(kind: ServerKind) -> tuple[str, ...]:
    """Return the capabilities that a tool of an MCP server of this kind may carry out."""
    return tuple(name for server, name in (*READS, APPLY) if server is kind)


def require(kind: ServerKind, capability: str, tools: Sequence[McpTool], tool: McpTool) -> None:
    """Refuse a tool that is denied, or that does something else than the capability."""
    found = match.match(kind, tools)
    if tool.name in found.denied:
        raise Refused(
            f"The tool {tool.name!r} is denied: it destroys, runs what it is told, hands out "
            "secrets, or nobody knows what it changes."
        )
    if tool.name not in found.serving.get(capability, ()):
        serving = ", ".join(found.serving.get(capability, ())) or "none"
        raise Refused(
            f"The tool {tool.name!r} does not do what {capability} means (of that server's tools: "
            f"{serving})."
        )
    if (kind, capability) == APPLY and appliers.known(tool) is None:
        raise Refused(
            f"How the tool {tool.name!r} treats what others own is not known, so it applies "
            "nothing. Take the pin out; OPS Bot applies natively."
        )


def inputs_for(
    kind: ServerKind, capability: str, arguments: Mapping[str, Any], tool: McpTool
) -> dict[str, Any]:
    """Return the inputs by which a reading tool is called; `Refused` if it cannot be told."""
    return inputs.fill(READS[kind, capability], arguments, tool)
