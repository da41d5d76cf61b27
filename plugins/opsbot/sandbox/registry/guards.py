"""Who may ask the registry: everybody, or whoever brings the login."""

import base64
import hmac
from collections.abc import Callable

from opsbot.sandbox.loopback import Request
from opsbot.sandbox.registry import problems

Guard = Callable[[Request], None]
"""Raises the refusal of a request that may not be answered."""


def everybody(request: Request) -> None:
    """Let everybody ask."""


def login(user: str, password: str) -> Guard:
    """Return the guard that wants one login."""
    expected = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    def guard(request: Request) -> None:
        sent = request.headers.get("Authorization", "")
        if not hmac.compare_digest(sent.encode(), expected.encode()):
            raise problems.unauthorized('Basic realm="registry"')

    return guard
