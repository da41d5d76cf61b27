"""Log in to a registry in the way it asks for: basic, or a short-lived bearer token.

A registry answers 401 with the place that issues tokens and the scope that is needed. The login
is sent there only over https, or to the registry's own host, or on this machine.
"""

import base64
import re
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from opsbot.integrations import web
from opsbot.vocabulary.errors import StepFailed

FIELD = re.compile(r'(\w+)="([^"]*)"')


class RegistryLogin(AuthBase):
    """The login of one registry, kept for the scope it was given for."""

    def __init__(self, user: str | None, password: str | None) -> None:
        self._basic = (user, password) if user and password else None
        self._header: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add what was learned from the last challenge."""
        if self._header:
            request.headers["Authorization"] = self._header
        return request

    def answer(self, response: requests.Response) -> bool:
        """Learn from a 401 what to send; False where nothing can be done about it."""
        scheme, _, rest = response.headers.get("WWW-Authenticate", "").partition(" ")
        match scheme.lower():
            case "basic" if self._basic:
                login = ":".join(self._basic).encode()
                self._header = f"Basic {base64.b64encode(login).decode()}"
            case "bearer":
                self._header = f"Bearer {self._token(dict(FIELD.findall(rest)), response)}"
            case _:
                return False
        return True

    def _token(self, challenge: dict[str, str], response: requests.Response) -> str:
        realm = challenge.get("realm", "")
        if not self._may_be_sent_to(realm, str(response.url)):
            raise StepFailed("The registry names an unsafe place for logins; nothing was sent.")
        parts = urlsplit(realm)
        server = web.Server(
            "the registry's login", f"{parts.scheme}://{parts.netloc}", auth=self._basic
        )
        query = {name: value for name, value in challenge.items() if name in ("service", "scope")}
        answer = server.get(parts.path, query)
        if answer.status_code != 200:
            raise StepFailed(
                f"The registry's login answered {answer.status_code}: check the connection's login "
                "and password, and the user's rights on this repository."
            )
        issued = web.json_of(answer, "The registry's login", 64 * 1024)
        return str(issued.get("token") or issued.get("access_token") or "")

    def _may_be_sent_to(self, realm: str, asked: str) -> bool:
        parts = urlsplit(realm)
        same_host = parts.hostname == urlsplit(asked).hostname
        return parts.scheme == "https" or (
            parts.scheme == "http" and (same_host or web.is_loopback(realm))
        )
