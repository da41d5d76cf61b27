"""The application's users: somebody who asks the service all along and notices every failure.

Each request is a connection of its own, as from a new user: a connection that is kept open would
stay with one pod and never notice a service that leads nowhere.
"""

import threading
import time
from typing import Self

import httpx

from opsbot.vocabulary.model import Value

PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 5.0
"""A user who has waited this long has given up."""


class Requests(Value):
    """What the users have met."""

    sent: int = 0
    failed: int = 0
    failures: tuple[str, ...] = ()
    """The first few failures in words."""


class Users:
    """A thread that asks one address again and again until it is told to stop."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._met = Requests()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, name="users", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def met(self) -> Requests:
        """What happened so far."""
        return self._met

    def _ask_on(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self._met = counted(self._met, failure_of(self.url))


def failure_of(url: str) -> str | None:
    """Ask once; return what went wrong, or None."""
    try:
        response = httpx.get(url, timeout=PATIENCE_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"
    return None if response.is_success else f"status {response.status_code}"


def counted(met: Requests, failure: str | None) -> Requests:
    """Return the count with one more request."""
    if failure is None:
        return met.model_copy(update={"sent": met.sent + 1})
    failures = (*met.failures, failure)[:5]
    return Requests(sent=met.sent + 1, failed=met.failed + 1, failures=failures)


def served_version(url: str, seconds: float) -> str | None:
    """Return the version that the service says it is; None if it says nothing in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            response = httpx.get(url, timeout=PATIENCE_SECONDS, trust_env=False)
            return str(response.raise_for_status().json()["version"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            time.sleep(0.2)
    return None
