"""The MCP servers that a command outside of Airflow's tasks can see, and what was found there.

A server is one of a connection of type `mcp`: of the environment (`AIRFLOW_CONN_...`), of a
pattern that pins a step to it, or, asked through `airflow opsbot`, of Airflow's database. Without
any of them Airflow is not even imported.
"""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from opsbot.capabilities.mcp_found import McpFound
from opsbot.vocabulary.errors import ConfigurationError, OpsBotError, StepFailed
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import ServerKind

TYPE = "mcp"
_VARIABLE = "AIRFLOW_CONN_"

Kinds = dict[str, ServerKind | None]
"""For each connection the kind of its server, where a pattern says it."""


def known(*, inside_airflow: bool) -> Kinds:
    """Return the connections of MCP servers."""
    stored = _stored() if inside_airflow else ()
    return {**dict.fromkeys((*_of_environment(os.environ), *stored)), **_pinned()}


def found(kinds: Kinds) -> tuple[McpFound, ...]:
    """Ask these servers for their tools; a server of no known kind keeps none."""
    if not kinds:
        return ()
    from opsbot.integrations.mcp import discovery

    answers: dict[str, McpFound] = {}
    servers = []
    for id in kinds:
        try:
            servers.append(_registered(id))
        except OpsBotError as problem:
            answers[id] = McpFound(connection=id, problem=redact(str(problem)))
    answers |= {each.connection: each for each in discovery.look(servers)}
    return tuple(
        answers[id].model_copy(update={"kind": kind or answers[id].kind})
        for id, kind in kinds.items()
    )


def _registered(id: str) -> Any:
    """Read a connection as Airflow's own commands do: a task's way needs a running task."""
    from airflow.models.connection import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from opsbot.integrations.mcp import registration

    try:
        connection = Connection.get_connection_from_secrets(id)
    except AirflowNotFoundException:
        raise StepFailed(
            f"There is no connection {id!r} that this command can see. `airflow opsbot tools` also "
            "sees those in Airflow's database."
        ) from None
    return registration.of(id, connection)


def _of_environment(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the ids of the connections of type mcp in an environment."""
    for name, value in sorted(environment.items()):
        if name.startswith(_VARIABLE) and _type_of(value) == TYPE:
            yield name.removeprefix(_VARIABLE).lower()


def _type_of(value: str) -> str:
    """Return the type of a connection that is written as JSON or as a URI."""
    try:
        described = json.loads(value)
    except ValueError:
        return value.partition(":")[0]
    return str(described.get("conn_type", "")) if isinstance(described, dict) else ""


def _pinned() -> Kinds:
    """Return the connections that patterns name; a mistake in include/ is another command's."""
    from opsbot.doors import answer

    try:
        return dict(answer.load().pinned)
    except ConfigurationError:
        return {}


def _stored() -> tuple[str, ...]:
    """Return the ids of the connections of type mcp in Airflow's database."""
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session
    from sqlalchemy import select
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with create_session() as session:
            asked = select(Connection.conn_id).where(Connection.conn_type == TYPE)
            return tuple(sorted(session.scalars(asked)))
    except SQLAlchemyError:
        return ()
