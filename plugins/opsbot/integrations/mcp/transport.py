"""HTTP to one registered server and to nobody else, within a limit of bytes.

The SDK's client follows redirects within an origin and would read a body of any length. Here every
redirect is an error, a compressed body (a small one can unpack to gigabytes) is one too, and no
proxy of the environment is asked. What an HTTP status means is said here, since the SDK keeps only
that there was one.
"""

from collections.abc import AsyncIterator
from typing import cast
from urllib.parse import urlsplit

import httpx2

from opsbot.integrations.mcp import origin
from opsbot.integrations.mcp.registration import Registered
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

LARGEST_ANSWERS = 8 * 1024 * 1024
"""Bytes of all answers of a session together."""
_BUSY = frozenset({429, 502, 503, 504})


class Transport(httpx2.AsyncBaseTransport):
    """Carries the requests of one session."""

    def __init__(self, server: Registered, resolve: origin.Resolve, limit: int) -> None:
        self._server, self._resolve, self.left = server, resolve, limit
        self._address: str | None = None
        self._road = httpx2.AsyncHTTPTransport(trust_env=False)
        self.complaint: StepFailed | TryAgain | None = None
        """What the last bad status means; some servers answer one before a good answer."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to the registered address."""
        if _origin_of(request.url) != _origin_of(httpx2.URL(self._server.url)):
            raise Refused(f"A request to {request.url.host!r} is not one to {self._server.label}.")
        answer = await self._road.handle_async_request(await self._aimed(request))
        try:
            self._judge(answer)
        except StepFailed:
            await answer.aclose()
            raise
        answer.stream = _Counted(answer, self)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._road.aclose()

    async def _aimed(self, request: httpx2.Request) -> httpx2.Request:
        """Return the request for the resolved address; certificate and Host stay the name's."""
        if self._address is None:
            parts = urlsplit(self._server.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            found = await self._resolve(parts.hostname or "", port)
            self._address = origin.checked(self._server.url, found)
        return httpx2.Request(
            request.method,
            request.url.copy_with(host=self._address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )

    def _judge(self, answer: httpx2.Response) -> None:
        status, label = answer.status_code, self._server.label
        if 300 <= status < 400:
            raise StepFailed(
                f"{label} answered {status}, a redirect, which is not followed. Name "
                "the address itself in the connection's host."
            )
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise StepFailed(f"{label} compressed an answer, which is not unpacked.")
        if status >= 400:
            self.complaint = _complaint(label, status)


class _Counted(httpx2.AsyncByteStream):
    """A body that is read until the session's limit is reached."""

    def __init__(self, answer: httpx2.Response, transport: Transport) -> None:
        self._body = cast("httpx2.AsyncByteStream", answer.stream)
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._body:
            self._transport.left -= len(chunk)
            if self._transport.left < 0:
                raise StepFailed("An MCP server answers with more than is read of one.")
            yield chunk

    async def aclose(self) -> None:
        """Close the body."""
        await self._body.aclose()


def _origin_of(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _complaint(label: str, status: int) -> StepFailed | TryAgain:
    match status:
        case 401 | 403:
            return StepFailed(
                f"{label} answered {status}: it does not take the connection's password (a "
                "bearer token). Correct it; no login is looked for elsewhere."
            )
        case 404 | 405:
            return StepFailed(
                f"{label} answered {status}: there is no MCP at that address. Correct the "
                "connection's host, path included."
            )
        case _ if status in _BUSY:
            return TryAgain(f"{label} answered {status}: it is busy or restarting.")
        case _:
            return StepFailed(f"{label} answered {status}.")
