"""Requests to a service, as one of its users would make them.

Each request has a connection of its own, so the service may send each to another pod. Before
anything is measured, a connection must be possible at all: where a network does not let us
through, nothing is known about the service, and nothing is claimed.
"""

import math
import time
from http.client import HTTPConnection, HTTPException
from socket import create_connection

from opsbot.vocabulary.model import Value

REQUESTS = 20
PAUSE_SECONDS = 0.05
TIMEOUT_SECONDS = 5.0
LONGEST_SECONDS = 10.0
"""When a sample ends even if it is not complete: each request to a hanging service takes long."""
HIGHEST_FAILED_SHARE = 0.05
"""Share of failed requests from which a service counts as broken."""
_REACHING_SECONDS = 3.0


class Sample(Value):
    """What the requests met."""

    requests: int = 0
    failed: int = 0
    p95_seconds: float | None = None
    """None: not measured."""
    first_failure: str = ""

    @property
    def broken(self) -> bool:
        """Whether so many requests failed that users notice."""
        return self.failed > HIGHEST_FAILED_SHARE * self.requests


class User:
    """One who asks a service again and again, and remembers how it went."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self.host, self.port, self.path = host, port, path
        self._seconds: list[float] = []
        self._failures: list[str] = []

    def ask(self) -> None:
        """Make one request."""
        began = time.monotonic()
        problem = _ask(self.host, self.port, self.path)
        self._seconds.append(time.monotonic() - began)
        self._failures += [problem] if problem else []

    def ask_often(self, requests: int = REQUESTS, within: float = LONGEST_SECONDS) -> None:
        """Make some requests one after the other, for at most so many seconds."""
        end = time.monotonic() + within
        for _ in range(requests):
            self.ask()
            if time.monotonic() > end:
                return
            time.sleep(PAUSE_SECONDS)

    @property
    def sample(self) -> Sample:
        """What was met until now."""
        measured = round(percentile(self._seconds, 0.95), 4) if self._seconds else None
        return Sample(
            requests=len(self._seconds),
            failed=len(self._failures),
            p95_seconds=measured,
            first_failure=self._failures[0] if self._failures else "",
        )


def user_of(host: str, port: int, path: str) -> User | None:
    """Return a user of the service; None if no connection to it can be made from here."""
    return User(host, port, path) if _reachable(host, port) else None


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def _reachable(host: str, port: int) -> bool:
    """Tell whether a connection can be made; a new service's port may open a moment later."""
    end = time.monotonic() + _REACHING_SECONDS
    while True:
        try:
            create_connection((host, port), timeout=_REACHING_SECONDS).close()
        except OSError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.2)
        else:
            return True


def _ask(host: str, port: int, path: str) -> str:
    """Make one request; return what was wrong with it, or nothing."""
    connection = HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException) as fault:
        return type(fault).__name__
    finally:
        connection.close()
    return "" if answer.status < 400 else f"HTTP {answer.status}"
