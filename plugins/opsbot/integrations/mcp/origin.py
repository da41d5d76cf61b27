"""The one address that requests to a registered server may go to.

A server's answers can name other places: a redirect, the metadata of a login service, a name
that means another machine a moment later. None of them is gone to. The host of the connection is
resolved once for a session, what it means is checked, and every request of the session goes there.
Addresses that hand out a machine's own credentials, and those that mean "somewhere on this
link", are no place for a server, however they are spelt.
"""

import socket
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import anyio.to_thread

from opsbot.integrations import network_addresses, web
from opsbot.vocabulary.errors import Refused, TryAgain

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""From a host and a port to the addresses that it means."""


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask this machine's resolver."""
    try:
        found = await anyio.to_thread.run_sync(
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), abandon_on_cancel=True
        )
    except OSError:
        raise TryAgain(f"The host {host!r} of an MCP server cannot be resolved.") from None
    return tuple(str(entry[4][0]) for entry in found)


def checked(url: str, addresses: tuple[str, ...]) -> str:
    """Return the address to go to; `Refused` if the host means one that no server is at."""
    host = urlsplit(url).hostname or ""
    if not addresses:
        raise TryAgain(f"The host {host!r} of an MCP server has no address.")
    for each in addresses:
        _refuse_forbidden(host, each, here=web.is_loopback(url))
    return addresses[0]


def _refuse_forbidden(host: str, address: str, *, here: bool) -> None:
    """Refuse an address; this machine's own is taken only from a host that says so."""
    plain = network_addresses.read(address)
    if network_addresses.is_no_server(plain) or (plain.is_loopback and not here):
        raise Refused(
            f"The host {host!r} of an MCP server means {address}, and no request goes there. "
            "Name the server itself in the connection's host."
        )
