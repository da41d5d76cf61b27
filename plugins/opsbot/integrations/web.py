"""HTTP with servers that are busy, restart, redirect, or are not what they seem.

A GET may be asked again: faults of the road and answers such as 503 are retried for a while. A
request that changes something is sent exactly once, whatever happens: only its caller can find
out whether it had its effect. Redirects are answers, not instructions. Bodies are read up to a
limit, and what a body says is judged by the caller, who knows the system.
"""

import ipaddress
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase

from opsbot.integrations import foreign_json, strangers
from opsbot.integrations.waiting import Clock, MachineClock, Patience, until
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers that a later GET may not get again."""

JSON_LIMIT = 16 * 1024 * 1024


class _Session(requests.Session):
    """A session that never looks where a redirect leads, which may be no address at all."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Name no target."""
        return None


class Server:
    """One server: its name for people, its address, its login, and how patiently it is asked."""

    def __init__(
        self,
        label: str,
        base_url: str,
        *,
        auth: AuthBase | tuple[str, str] | None = None,
        patience: Patience | None = None,
        clock: Clock | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
    ) -> None:
        self.label, self.base_url = label, checked_address(label, base_url)
        self.clock = clock or MachineClock()
        self._auth, self._timeout = auth, timeout
        self._patience = patience or Patience(total=60, first=0.5, growth=2.0, longest=10)
        self._session, self._elsewhere = _Session(), _Session()
        strangers.guard(self._elsewhere, label, self.base_url)
        # A proxy cannot reach this machine's own loopback, so none is asked for it.
        self._session.trust_env = self._elsewhere.trust_env = not is_loopback(self.base_url)

    def url(self, path: str) -> str:
        """Return the full address of a path of this server."""
        return f"{self.base_url}/{path.lstrip('/')}"

    def get(
        self,
        path: str,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """Ask, and ask again while the server is away or busy; other answers are returned."""
        last: list[str] = []

        def look() -> requests.Response | None:
            try:
                response = self.send("GET", path, params=params, headers=headers)
            except TryAgain as fault:
                last.append(str(fault))
                return None
            if response.status_code not in BUSY:
                return response
            last.append(f"{self.label} answered {response.status_code} to GET {path}")
            response.close()
            return None

        response = until(look, self._patience, self.clock)
        if response is None:
            raise TryAgain(f"{last[-1]}, {len(last)} times in a row. Is the server up?")
        return response

    def send(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """Send one request once; its body is not read yet. `TryAgain` if no answer came.

        A path may be the full address of another server, which then gets no login of this one
        and is gone to with the care that strangers.py describes.
        """
        url = path if "://" in path else self.url(path)
        own = is_same_server(url, self.base_url)
        try:
            return (self._session if own else self._elsewhere).request(
                method,
                url,
                params=params,
                data=content if content is not None else form,
                headers=headers,
                auth=self._auth if self._auth and own else no_login,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
        except requests.RequestException as fault:
            kind = type(fault).__name__
            raise TryAgain(
                f"{self.label} at {self.base_url} gave no answer to {method} {path} ({kind})."
            ) from None


def text(response: requests.Response, limit: int = 64 * 1024) -> str:
    """Read the first `limit` bytes of a body as text."""
    return head(response, limit).decode(response.encoding or "utf-8", errors="replace")


def json_of(response: requests.Response, label: str, limit: int = JSON_LIMIT) -> Any:
    """Read a body as JSON; `StepFailed` where it is something else, or too long."""
    kind = response.headers.get("Content-Type", "")
    what = f"{label} answered {response.request.method} {urlsplit(str(response.url)).path}"
    if "json" not in kind:
        raise StepFailed(
            f"{what} with {kind or 'no content type'} instead of JSON: "
            "does a login page or a proxy stand in front of it?"
        )
    body = head(response, limit + 1)
    if len(body) > limit:
        raise StepFailed(f"{what} with more than {limit} bytes; that is not read.")
    try:
        return foreign_json.read(body)
    except ValueError as problem:
        raise StepFailed(f"{what} with broken JSON: {problem}.") from None


def head(response: requests.Response, limit: int) -> bytes:
    """Read at most `limit` bytes of a body and close it."""
    body = bytearray()
    try:
        for chunk in response.iter_content(65536):
            body += chunk
            if len(body) >= limit:
                break
    except requests.RequestException as fault:
        host = urlsplit(str(response.url)).hostname
        raise TryAgain(f"The answer of {host} broke off ({type(fault).__name__}).") from None
    finally:
        response.close()
    return bytes(body[:limit])


def checked_address(label: str, url: str) -> str:
    """Return the address without a trailing slash; refuse one that is none, or holds a login."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"The connection of {label} names no http(s) address; correct its host.")
    if "@" in parts.netloc:
        raise Refused(
            f"The address of {label} holds a login; move it to the connection's login and password."
        )
    return url.rstrip("/")


def is_same_server(url: str, other: str) -> bool:
    """Tell whether two addresses are one scheme, host and port."""
    return _server_of(url) == _server_of(other)


def _server_of(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or strangers.PORTS.get(parts.scheme)


def redirected(response: requests.Response) -> str:
    """Close a redirect and return where it leads; whether one goes there is the caller's."""
    response.close()
    found = _address(str(response.url), response.headers.get("Location", ""))
    if found is None:
        host = urlsplit(str(response.url)).hostname
        raise StepFailed(f"{host} redirects to what is no http(s) address; that is not followed.")
    return found


def _address(base: str, location: str) -> str | None:
    """Return the http(s) address that a location means, or None where it means none."""
    try:
        found = urljoin(base, location)
        parts = urlsplit(found)
        usable = parts.scheme in strangers.PORTS and parts.hostname and parts.port != 0
    except ValueError:  # brackets without an address, a port that is no number
        return None
    return found if usable else None


def no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send a request as it is, whatever a .netrc of this machine offers."""
    return request


def is_loopback(url: str) -> bool:
    """Tell whether an address is this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
