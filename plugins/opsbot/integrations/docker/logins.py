"""Log in to a registry in the way it asks for: basic, or a short-lived bearer token.

A registry answers 401 with the place that issues tokens (the realm) and the scope that is needed;
so it does again when a token has expired. A realm is hearsay: the login goes to the registry's own
host, and to another one only if the connection names it as `token_server`; to none over plain http
for a registry of https. See https://distribution.github.io/distribution/spec/auth/token/.
"""

import base64
import re
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.auth import AuthBase

from opsbot.integrations import web
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import Refused, StepFailed

FIELD = re.compile(r'(\w+)="([^"]*)"')
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,32768}")
KNOWN_TOKEN_SERVERS = {"registry-1.docker.io": "https://auth.docker.io"}
"""Docker Hub has its logins elsewhere: https://docs.docker.com/reference/api/registry/auth/."""


class RegistryLogin(AuthBase):
    """The login of one registry, kept for the scope it was given for."""

    def __init__(
        self,
        registry: str,
        user: str | None,
        password: str | None,
        *,
        token_server: str | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._registry = registry
        self._basic = (user, password) if user and password else None
        self._token_server = token_server or KNOWN_TOKEN_SERVERS.get(_host(registry))
        self._clock, self._patience = clock, patience
        self._header: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add what was learned from the last challenge."""
        if self._header:
            request.headers["Authorization"] = self._header
        return request

    def answer(self, response: requests.Response) -> bool:
        """Learn from the registry's 401 what to send; False where nothing can be done about it."""
        scheme, _, rest = response.headers.get("WWW-Authenticate", "").partition(" ")
        match scheme.lower():
            case "basic" if self._basic:
                login = ":".join(self._basic).encode()
                self._header = f"Basic {base64.b64encode(login).decode()}"
            case "bearer":
                self._header = f"Bearer {self._token(dict(FIELD.findall(rest)))}"
            case _:
                return False
        return True

    def _token(self, challenge: dict[str, str]) -> str:
        realm = self._checked(challenge.get("realm", ""))
        parts = urlsplit(realm)
        server = web.Server(
            "The registry's login",
            f"{parts.scheme}://{parts.netloc}",
            auth=self._basic,
            clock=self._clock,
            patience=self._patience,
        )
        asked = {name: value for name, value in challenge.items() if name in ("service", "scope")}
        answer = server.get(parts.path, dict(parse_qsl(parts.query)) | asked)
        if answer.status_code != 200:
            answer.close()
            raise StepFailed(
                f"The registry's login answered {answer.status_code}: check the connection's login "
                "and password, and the user's rights on this repository."
            )
        return _issued(web.json_of(answer, "The registry's login", 64 * 1024))

    def _checked(self, realm: str) -> str:
        """Return the place that issues tokens, if the login may go there."""
        try:
            allowed = self._is_allowed(web.checked_address("the registry's login", realm))
        except (Refused, ValueError):
            raise StepFailed("The registry names no address to log in at.") from None
        if not allowed:
            place = "{0.scheme}://{0.netloc}".format(urlsplit(realm))
            raise StepFailed(
                f"The registry wants the login to be sent to {place[:200]!r}; nothing was sent. If "
                "you know that this is its token server, and it speaks https, add it to the extra "
                "of the Docker connection as `token_server`."
            )
        return realm

    def _is_allowed(self, realm: str) -> bool:
        if self._token_server and web.is_same_server(realm, self._token_server):
            return True
        downgraded = realm.startswith("http:") and self._registry.startswith("https:")
        return _host(realm) == _host(self._registry) and not downgraded


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _issued(answer: object) -> str:
    """Return the token in an answer; some servers call it `access_token`."""
    match answer:
        case {"token": str(token)} | {"access_token": str(token)} if TOKEN.fullmatch(token):
            return token
    raise StepFailed(
        "The registry's login issued no token. Is the address that the registry names right?"
    )
