"""What was found at an MCP server when it was asked for its tools.

A server that gave no answer is there too, with the reason and without tools: a plan that pins one
of its tools has a gap, and a list of tools names it.
"""

from opsbot.capabilities.mcp_tool import McpTool
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import ServerKind


class McpFound(Value):
    """One asked server."""

    connection: str
    """Airflow connection id."""
    kind: ServerKind | None = None
    """The system that the server is for, where its connection says it."""
    tools: tuple[McpTool, ...] = ()
    problem: str = ""
    """Why there are no tools; empty where the server answered."""

    def tool(self, name: str) -> McpTool | None:
        """Return the tool of that name; None where there is none, or where two claim the name."""
        named = [each for each in self.tools if each.name == name]
        return named[0] if len(named) == 1 else None
