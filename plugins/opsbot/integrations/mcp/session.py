"""One session with a server: opened, asked, closed within a time limit.

A session belongs to one call here; nothing is kept between two. The SDK's client negotiates the
protocol. It is given no callback, so a server that wants something of us (a model's answer, a
person's, a folder) gets none, and no login, so it starts no login flow. Whatever a server does
that the SDK cannot make sense of is an error of this room like every other.
"""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import IO, Any, TypeVar

import anyio
import httpx2
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from opsbot.integrations.mcp import foreign_text, origin
from opsbot.integrations.mcp.registration import Program, Registered
from opsbot.integrations.mcp.transport import LARGEST_ANSWERS, Transport
from opsbot.vocabulary.errors import OpsBotError, StepFailed, TryAgain

Outcome = TypeVar("Outcome")
Work = Callable[[Client], Awaitable[Outcome]]

_TALKATIVE = ("mcp", "client", "httpx2")
"""Loggers that would write what a server says, unmasked, into a task's log."""


def visit(
    server: Registered,
    work: Work[Outcome],
    *,
    limit: float,
    resolve: origin.Resolve = origin.resolve,
) -> Outcome:
    """Open a session, do the work in it and close it; at most `limit` seconds."""
    return run(within(server, work, limit=limit, resolve=resolve))


def run(sessions: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Run one session, or several at once, to the end."""
    with _quiet():
        return asyncio.run(sessions)


async def within(
    server: Registered,
    work: Work[Outcome],
    *,
    limit: float,
    resolve: origin.Resolve = origin.resolve,
) -> Outcome:
    """Do what `visit` does, in an event loop that `run` has started."""
    with tempfile.TemporaryFile(mode="w+", errors="replace") as errors:
        transport = Transport(server, resolve, LARGEST_ANSWERS)
        try:
            with anyio.fail_after(limit):
                async with _opened(server, transport, errors) as client:
                    return await work(client)
        except TimeoutError:
            raise TryAgain(f"{server.label} gave no answer within {limit:g} s.") from None
        # A stranger's program is at the other end: what it can make the SDK raise has no list.
        except Exception as fault:
            raise _explained(server, _leaf(fault), transport, _last_words(errors)) from None


@asynccontextmanager
async def _opened(
    server: Registered, transport: Transport, errors: IO[str]
) -> AsyncIterator[Client]:
    # An answer of the cache would hide what the server says now.
    if server.program is not None:
        async with Client(_piped(server.program, errors), cache=None) as client:
            yield client
        return
    headers = {"Accept-Encoding": "identity"}
    if server.token:
        headers["Authorization"] = f"Bearer {server.token}"
    async with (
        httpx2.AsyncClient(
            transport=transport, headers=headers, trust_env=False, timeout=None
        ) as http,
        Client(streamable_http_client(server.url, http_client=http), cache=None) as client,
    ):
        yield client


def _piped(program: Program, errors: IO[str]) -> AbstractAsyncContextManager[Any]:
    """Return the pipes of a program; its error output is kept out of the task's log."""
    parameters = StdioServerParameters(
        command=program.command, args=list(program.args), env=program.env
    )
    return stdio_client(parameters, errlog=errors)  # type: ignore[arg-type]


def _leaf(fault: BaseException) -> BaseException:
    """Return what lies inside the groups of a failed session: our own words before others'."""
    if not isinstance(fault, BaseExceptionGroup):
        return fault
    leaves = [_leaf(each) for each in fault.exceptions]
    return next((each for each in leaves if isinstance(each, OpsBotError)), leaves[0])


def _explained(
    server: Registered, fault: BaseException, transport: Transport, errors: str
) -> OpsBotError:
    """Return the error that says what went wrong, and whether trying again can help."""
    if isinstance(fault, OpsBotError):
        return fault
    if transport.complaint is not None:
        return transport.complaint
    said = f" It wrote: {errors!r}" if errors else ""
    match fault:
        case MCPError():
            words = foreign_text.shown(fault.message)
            return StepFailed(f"{server.label} says no: {words!r}.{said}")
        case httpx2.TransportError() | ConnectionError():
            return TryAgain(f"{server.label} cannot be reached ({type(fault).__name__}).{said}")
        case OSError():
            return StepFailed(
                f"The program of {server.label} cannot be started ({type(fault).__name__}). "
                "Correct `command` in the connection's extra."
            )
        case _:
            kind = type(fault).__name__
            return StepFailed(f"{server.label} does not speak MCP as it should ({kind}).{said}")


def _last_words(errors: IO[str]) -> str:
    """Return the end of what a program wrote to its error output."""
    errors.seek(0)
    return foreign_text.shown(errors.read()[-500:], longest=500)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the SDK from writing a server's words into the log."""
    loggers = [logging.getLogger(each) for each in _TALKATIVE]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)
