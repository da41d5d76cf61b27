"""The tools by which a release may be applied, each with what is known of its server.

What a tool does to an object that others work on is not in its schema, so it is known here or not
used: whether it forces, and in whose name it owns what it has applied. A tool that forces may
only touch what is new or its own. `reader` is a tool of the same server by which is proven that it
works on the same cluster.
"""

from opsbot.capabilities.mcp_tool import McpTool
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value


class Applier(Value):
    """One known way of applying."""

    tool: str
    manifest: str
    """The input that takes a manifest as JSON text."""
    manager: str
    """Field manager that owns what was applied."""
    reader: str
    """Takes `apiVersion`, `kind`, `namespace` and `name` of any object."""


APPLIERS = (
    # kubernetes-mcp-server (npm) 0.0.67: server-side apply that always forces.
    Applier(
        tool="resources_create_or_update",
        manifest="resource",
        manager="kubernetes-mcp-server",
        reader="resources_get",
    ),
)


def named(tool: str) -> Applier:
    """Return what is known of a tool of that name; `Refused` if nothing is."""
    found = next((each for each in APPLIERS if each.tool == tool), None)
    if found is None:
        raise Refused(f"How the tool {tool!r} applies is not known, so it applies nothing.")
    return found


def known(tool: McpTool) -> Applier | None:
    """Return what is known of a tool, if it still takes what it is known to take."""
    declared = tool.input_schema.get("properties") or {}
    for each in APPLIERS:
        if each.tool == tool.name and list(tool.input_schema.get("required") or []) == [
            each.manifest
        ] == list(declared):
            return each
    return None
