"""Call a tool as a plan has approved it.

Between the approval and the call a server can change everything: rename a tool, give its name to
another, describe its inputs anew so that they mean something else. So its tools are listed again in
the session of the call, and the tool is called only if it is there once, is the one whose hash the
plan carries, and still fits. What is not listed is never called, whatever the server would take.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mcp import Client

from opsbot.capabilities.calling import fitness
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.integrations.mcp import asking, origin, session
from opsbot.integrations.mcp.registration import Registered
from opsbot.integrations.mcp.replies import Reply
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact_value
from opsbot.vocabulary.words import ServerKind

CALL_SECONDS = 60.0
"""How long a tool may take."""


class Approved(Value):
    """A tool as the plan names it."""

    kind: ServerKind
    capability: str
    tool: str
    schema_sha256: str


def read(
    server: Registered,
    approved: Approved,
    arguments: Mapping[str, Any],
    *,
    resolve: origin.Resolve = origin.resolve,
) -> Reply:
    """Return what a reading tool says; nothing is called that was not approved."""

    async def ask(client: Client) -> Reply:
        tool = still_approved(approved, await asking.list_tools(client))
        inputs = fitness.inputs_for(approved.kind, approved.capability, arguments, tool)
        refuse_secrets(inputs)
        return await asking.call(client, tool.name, inputs)

    return session.visit(server, ask, limit=server.limit + CALL_SECONDS, resolve=resolve)


def still_approved(approved: Approved, listed: Sequence[McpTool]) -> McpTool:
    """Return the tool if it is what was approved; else `Refused`."""
    named = [each for each in listed if each.name == approved.tool]
    if len(named) != 1:
        raise Refused(
            f"The server lists {len(named)} tools named {approved.tool!r}, and the plan was made "
            "for one. Nothing was called; ask for a new plan."
        )
    (tool,) = named
    if tool.schema_sha256 != approved.schema_sha256:
        raise Refused(
            f"The tool {tool.name!r} is not what it was when the plan was made: its inputs are "
            "described differently. Nothing was called; look at the server, then ask for a new "
            "plan."
        )
    fitness.require(approved.kind, approved.capability, listed, tool)
    return tool


def refuse_secrets(sent: Any) -> None:
    """Refuse to tell a foreign server what looks like a secret."""
    if redact_value(sent) != sent:
        raise Refused(
            "What the MCP tool would be told holds something that looks like a secret, and a "
            "foreign server is told none. Nothing was called; take the pin out of the pattern."
        )
