"""What is found at registered servers, all asked at once.

Each has its own limit, so a dead, slow or hung one costs the others nothing; it is reported with
the reason and has no tools.
"""

import asyncio
from collections.abc import Iterable, Sequence

from opsbot.capabilities.mcp_found import McpFound
from opsbot.integrations.mcp import asking, origin, registration, session
from opsbot.integrations.mcp.registration import Registered
from opsbot.vocabulary.errors import OpsBotError
from opsbot.vocabulary.redaction import redact


def discover(connection_ids: Sequence[str]) -> tuple[McpFound, ...]:
    """Ask the servers of these connections for their tools; in the given order."""
    found: dict[str, McpFound] = {}
    servers: list[Registered] = []
    for id in dict.fromkeys(connection_ids):
        try:
            servers.append(registration.read(id))
        except OpsBotError as problem:
            found[id] = _without_tools(id, problem)
    found |= {each.connection: each for each in look(servers)}
    return tuple(found[id] for id in dict.fromkeys(connection_ids))


def look(
    servers: Iterable[Registered], resolve: origin.Resolve = origin.resolve
) -> tuple[McpFound, ...]:
    """Ask these servers at the same time."""

    async def all_of_them() -> list[McpFound]:
        return await asyncio.gather(*(_ask(each, resolve) for each in servers))

    return tuple(session.run(all_of_them()))


async def _ask(server: Registered, resolve: origin.Resolve) -> McpFound:
    try:
        tools = await session.within(server, asking.list_tools, limit=server.limit, resolve=resolve)
    except OpsBotError as problem:
        return _without_tools(server.connection, problem)
    return McpFound(connection=server.connection, kind=server.kind, tools=tools)


def _without_tools(connection: str, problem: OpsBotError) -> McpFound:
    return McpFound(connection=connection, problem=redact(str(problem)))
