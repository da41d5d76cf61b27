"""A registry as an HTTP server: logged in when it asks for that, its refusals put into words."""

import re

import requests

from opsbot.integrations import foreign_json, web
from opsbot.integrations.docker import manifests
from opsbot.integrations.docker.logins import RegistryLogin
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.redaction import redact

LONGEST_REASON = 16 * 1024
"""Bytes of an error's body that are read."""


class RegistryServer:
    """One registry's server as one user."""

    def __init__(
        self,
        address: str,
        login: RegistryLogin,
        *,
        clock: Clock | None,
        patience: Patience | None,
    ) -> None:
        self._login = login
        self._server = web.Server(
            "The registry", address, auth=login, clock=clock, patience=patience
        )
        self.clock = self._server.clock

    @property
    def host(self) -> str:
        """The host as it stands in image names."""
        return re.sub(r"^https?://", "", self._server.base_url)

    def url(self, path: str) -> str:
        """Return the full address of a path."""
        return self._server.url(path)

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> requests.Response:
        """Ask once more after a login, and return success or 404; anything else is an error.

        Another server, which a full address may lead to, is never answered with a login.
        """
        wanted = {"Accept": manifests.ACCEPT} | (headers or {})

        def once() -> requests.Response:
            if method == "GET":
                return self._server.get(path, params, wanted)
            return self._server.send(method, path, params=params, headers=wanted, content=content)

        response = once()
        own = "://" not in path or web.is_same_server(path, self._server.base_url)
        if response.status_code == 401 and own and self._login.answer(response):
            response.close()
            response = once()
        if response.status_code < 400 or response.status_code == 404:
            return response
        raise _refusal(response, path)


def _refusal(response: requests.Response, path: str) -> StepFailed | TryAgain:
    status = response.status_code
    place = f"The registry answered {status} for {path}{_reason(response)}"
    match status:
        case 401:
            return StepFailed(f"{place}: check the connection's login and password.")
        case 403:
            return StepFailed(f"{place}: the connection's user lacks rights on this repository.")
        case 429:
            return TryAgain(f"{place}: too many requests; it may be asked again later.")
        case _ if status >= 500:
            return TryAgain(f"{place}: it has a fault of its own.")
        case _:
            return StepFailed(f"{place}: it does not accept what was asked.")


def _reason(response: requests.Response) -> str:
    """Return the registry's own first error, in brackets; it is data, so it is cut and masked.

    A refusal whose body cannot be read, or is no JSON, gives no reason; its status says enough.
    """
    try:
        answer = foreign_json.read(web.head(response, LONGEST_REASON))
    except (ValueError, TryAgain):
        return ""
    match answer:
        case {"errors": [{"code": str(code), "message": str(words)}, *_]}:
            return f" ({redact(f'{code}: {words}'[:300])})"
        case _:
            return ""
