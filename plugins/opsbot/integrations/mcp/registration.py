"""What an Airflow connection of type `mcp` says about its server.

The type is the one of Airflow's common-ai provider: the URL in host and a token in password, or
in the extra `transport: stdio` with `command`, `args` and `env` of a program to start. Only a
connection registers a server; nothing is scanned for. The extra `kind` says which system the
server is for, since a tool means something only together with its system.
"""

from typing import Any, NoReturn, Protocol

from pydantic import Field, ValidationError

from opsbot.integrations import web
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import ServerKind

TYPE = "mcp"
LIMIT_SECONDS = 5.0
"""How long a server may take to connect and to list its tools."""
LONGEST_LIMIT = 60.0


class Connection(Protocol):
    """An Airflow connection, as tasks and as Airflow's own commands have it."""

    conn_type: Any
    host: Any
    password: Any

    @property
    def extra_dejson(self) -> dict[str, Any]:
        """The extra, read as JSON."""
        ...


class Program(Value):
    """A server that is started on this machine and spoken to over its pipes."""

    command: str = Field(min_length=1)
    args: tuple[str, ...] = ()
    env: dict[str, str] = Field(default_factory=dict, repr=False)
    """Besides a handful of harmless variables all that it gets; it may hold secrets."""


class Registered(Value):
    """A server as its connection names it: at a URL, or a program."""

    connection: str
    url: str = ""
    token: str = Field(default="", repr=False)
    program: Program | None = None
    kind: ServerKind | None = None
    """The system that the server is for, where the connection says it."""
    limit: float = LIMIT_SECONDS
    """Seconds to connect and to list the tools."""

    @property
    def label(self) -> str:
        """The server's name for people."""
        return f"MCP server {self.connection!r}"


def read(connection_id: str) -> Registered:
    """Return what a connection registers, in a task; an error says how to correct it."""
    from airflow.sdk import Connection as AirflowConnection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = AirflowConnection.get(connection_id)
    except AirflowNotFoundException:
        raise StepFailed(
            f"There is no Airflow connection {connection_id!r}. Add it as one of type mcp."
        ) from None
    return of(connection_id, found)


def of(connection_id: str, found: Connection) -> Registered:
    """Return what a connection that Airflow has found registers."""
    if found.conn_type != TYPE:
        raise Refused(
            f"The connection {connection_id!r} is of type {found.conn_type!r}, not {TYPE!r}. "
            "Name another, or correct its type."
        )
    return registered(connection_id, found.host or "", found.password or "", found.extra_dejson)


def registered(connection: str, host: str, token: str, extra: dict[str, Any]) -> Registered:
    """Check the fields of a connection."""
    match extra.get("transport", "http"):
        case "http":
            where = _at_url(connection, host, token)
        case "stdio":
            where = {"program": _program(connection, extra)}
        case other:
            _fail(connection, f"transport {other!r} is not supported: write http or stdio")
    return Registered(
        connection=connection,
        kind=_kind(connection, extra.get("kind")),
        limit=_limit(connection, extra.get("timeout", LIMIT_SECONDS)),
        **where,
    )


def _at_url(connection: str, host: str, token: str) -> dict[str, Any]:
    return {"url": web.checked_address(f"MCP server {connection!r}", host), "token": token}


def _program(connection: str, extra: dict[str, Any]) -> Program:
    args = extra.get("args", [])
    asked = {"command": extra.get("command"), "args": args, "env": extra.get("env") or {}}
    try:
        return Program.model_validate(asked | ({"args": [args]} if isinstance(args, str) else {}))
    except ValidationError:
        _fail(
            connection,
            "a program needs `command`, a list of strings as `args` and strings in `env`",
        )


def _kind(connection: str, kind: object) -> ServerKind | None:
    try:
        return None if kind is None else ServerKind(str(kind))
    except ValueError:
        _fail(connection, f"kind {kind!r} is none of {', '.join(ServerKind)}")


def _limit(connection: str, timeout: object) -> float:
    if not isinstance(timeout, int | float) or not 0 < timeout <= LONGEST_LIMIT:
        _fail(connection, f"timeout {timeout!r} is no number of seconds up to {LONGEST_LIMIT:.0f}")
    return float(timeout)


def _fail(connection: str, problem: str) -> NoReturn:
    raise Refused(f"The extra of MCP connection {connection!r}: {problem}. Correct it.")
