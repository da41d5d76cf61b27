"""A step that is pinned to the tool of an MCP server.

What the step means stays the native tool's: its parameters, risk, undo and words. The server only
carries it out, and only by a tool that fits, as it is now. A server that was not asked, or does not
answer, leaves a gap; a tool that does not fit leaves no plan. A change may be pinned only where
nobody must agree to it: such a tool forces, and an approval binds what a preview has shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opsbot.capabilities.calling import fitness
from opsbot.capabilities.capability import Capability
from opsbot.capabilities.mcp_found import McpFound
from opsbot.capabilities.mcp_tool import McpTool
from opsbot.planning.pattern import McpPin, PatternStep
from opsbot.planning.plan import McpUse, MissingMcpTool, Step
from opsbot.planning.situation import Situation
from opsbot.vocabulary.errors import PlanningError, Refused

Found = Mapping[str, McpFound]
"""What was found at MCP servers, by connection."""


def use(
    step: PatternStep,
    capability: Capability | None,
    arguments: Mapping[str, Any],
    situation: Situation,
    found: Found,
) -> McpUse | None:
    """Return how a pinned step uses its server; a `PlanningError` if it may not."""
    if step.mcp is None or capability is None:
        return None
    _refuse_unpinnable(step, capability, situation)
    server = found.get(step.mcp.connection)
    tool = server.tool(step.mcp.tool) if server else None
    if server is None or tool is None:
        return McpUse(connection=step.mcp.connection)
    _refuse_unfit(step, capability, arguments, server, tool)
    return McpUse(connection=step.mcp.connection, schema_sha256=tool.schema_sha256)


def missing(steps: Iterable[Step], found: Found) -> Iterator[MissingMcpTool]:
    """Yield the pinned tools that were not found, with the reason."""
    for step in steps:
        if step.mcp is not None and step.mcp.schema_sha256 is None:
            why = _why(found.get(step.mcp.connection), step.tool)
            yield MissingMcpTool(
                step=step.id, connection=step.mcp.connection, tool=step.tool, why=why
            )


def _why(server: McpFound | None, tool: str) -> str:
    if server is None:
        return "the server was not asked"
    if server.problem:
        return server.problem
    if any(each.name == tool for each in server.tools):
        return "two of the server's tools have that name"
    return f"the server lists {len(server.tools)} tools, and none of that name"


def _refuse_unpinnable(step: PatternStep, capability: Capability, situation: Situation) -> None:
    if not fitness.can_be_pinned(capability.server, capability.name):
        raise _no_plan(step, step.mcp, f"{capability.name} is done natively only")
    if capability.changes and situation.approval_required:
        environment = situation.intent.environment
        raise _no_plan(
            step,
            step.mcp,
            f"the policy of {environment} asks approval for this change, and what a person has "
            "approved is applied by OPS Bot itself",
        )


def _refuse_unfit(
    step: PatternStep,
    capability: Capability,
    arguments: Mapping[str, Any],
    server: McpFound,
    tool: McpTool,
) -> None:
    try:
        fitness.require(capability.server, capability.name, server.tools, tool)
        if not capability.changes:
            fitness.inputs_for(capability.server, capability.name, arguments, tool)
    except Refused as refusal:
        reason = str(refusal).rstrip(".")
        raise _no_plan(step, step.mcp, reason[:1].lower() + reason[1:]) from None


def _no_plan(step: PatternStep, pin: McpPin | None, reason: str) -> PlanningError:
    where = f" of {pin.connection!r}" if pin else ""
    return PlanningError(
        f"Step {step.id!r} is pinned to an MCP tool{where}, but {reason}. Take `mcp` "
        "out of the step in the pattern, or pin another tool."
    )
