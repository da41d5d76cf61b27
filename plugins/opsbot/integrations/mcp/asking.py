"""The two questions that a server is asked: which tools it has, and what one of them answers.

A list comes in pages for as long as the server says that there are more; it is read to a limit. A
call is sent once, as it is: the SDK's own way would list the tools anew and send the call again
when a server says that the tool has changed, which is what must not happen after an approval, and
would check the reply by a schema of the server's.
"""

from typing import Any

from mcp import Client
from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult

from opsbot.capabilities import mcp_tool
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.integrations.mcp import replies
from opsbot.integrations.mcp.replies import Reply
from opsbot.vocabulary.errors import StepFailed

MOST_PAGES = 50
MOST_TOOLS = 1000
"""The largest real server that was looked at lists 118."""


async def list_tools(client: Client) -> tuple[McpTool, ...]:
    """Return every tool that the server lists."""
    tools: list[McpTool] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += mcp_tool.read_tools(page.model_dump(by_alias=True, mode="json", exclude_none=True))
        cursor = page.next_cursor
        if len(tools) > MOST_TOOLS:
            break
        if not cursor:
            return tuple(tools)
    raise StepFailed(
        f"An MCP server lists more than {MOST_TOOLS} tools, or pages without end. None of them is "
        "used; let the server offer fewer."
    )


async def call(client: Client, name: str, inputs: dict[str, Any]) -> Reply:
    """Call a tool and return its reply; one that says no is a `StepFailed`."""
    request = CallToolRequest(params=CallToolRequestParams(name=name, arguments=inputs))
    return replies.read(name, await client.session.send_request(request, CallToolResult))
