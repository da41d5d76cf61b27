"""Who may come in, and what they may do.

An API token needs no crumb; a password does, and the crumb holds for one user in one web session,
whose cookie has to come back. A job that a user may not read is answered as if it were not there.
"""

import base64
import hashlib
import hmac
import secrets
from binascii import Error as NoBase64
from dataclasses import dataclass, field
from typing import Any

from opsbot.sandbox.jenkins import pages
from opsbot.sandbox.loopback import Reply, Request, as_json

BUILD, CANCEL = "hudson.model.Item.Build", "hudson.model.Item.Cancel"
CRUMB = "Jenkins-Crumb"


def _token() -> str:
    return f"11{secrets.token_hex(16)}"


@dataclass(frozen=True)
class User:
    """A user; one without further words may do all."""

    name: str
    token: str = field(default_factory=_token)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    lacks: frozenset[str] = frozenset()
    """Permissions that it does not have."""
    hidden: frozenset[str] = frozenset()
    """Full names of jobs that it may not read."""


@dataclass(frozen=True)
class Login:
    """The users of a server, and what its crumbs are made with."""

    admin: User = field(default_factory=lambda: User("admin"))
    others: tuple[User, ...] = ()
    session: str = field(default_factory=lambda: secrets.token_hex(4))
    """New at each start of the server."""
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def user(self) -> str:
        """The name of the user who may do all."""
        return self.admin.name

    @property
    def token(self) -> str:
        """That user's API token."""
        return self.admin.token

    def enter(self, request: Request) -> User:
        """Return who asks; refuse strangers, and changes without the crumb that they need."""
        name, secret = _given(request)
        for user in (self.admin, *self.others):
            if user.name == name and _same(secret, user.token):
                return user
            if user.name == name and _same(secret, user.password):
                self._require_crumb(user, request)
                return user
        raise pages.unauthorized(request.path)

    def issue(self, user: User, request: Request) -> Reply:
        """Answer with a crumb, and with the session that it belongs to."""
        session = self._session(request) or secrets.token_hex(8)
        crumb: dict[str, Any] = {
            "_class": "hudson.security.csrf.DefaultCrumbIssuer",
            "crumb": self._crumb(user, session),
            "crumbRequestField": CRUMB,
        }
        cookie = f"JSESSIONID.{self.session}={session}; Path=/; HttpOnly; SameSite=Lax"
        return as_json(crumb, headers={"Set-Cookie": cookie})

    def _require_crumb(self, user: User, request: Request) -> None:
        if request.method != "POST":
            return
        session = self._session(request)
        given = request.headers.get(CRUMB, "")
        if not session or not _same(given, self._crumb(user, session)):
            raise pages.without_crumb(request.path)

    def _session(self, request: Request) -> str:
        for cookie in request.headers.get("Cookie", "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == f"JSESSIONID.{self.session}":
                return value
        return ""

    def _crumb(self, user: User, session: str) -> str:
        return hashlib.sha256(self._salt + f"{user.name}:{session}".encode()).hexdigest()


def _same(one: str, two: str) -> bool:
    return hmac.compare_digest(one.encode(), two.encode())


def _given(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if not encoded:
        raise pages.anonymous(request.path)
    try:
        given = base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
    except NoBase64:
        given = b""
    name, _, secret = given.decode(errors="replace").partition(":")
    return name, secret
