"""A sample of requests to a service, as one of its users would make them.

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
_REACHING_SECONDS = 3.0


class Sample(Value):
    """What the requests met."""

    requests: int = 0
    failed: int = 0
    p95_seconds: float | None = None
    """None: not measured."""
    first_failure: str = ""


def take(host: str, port: int, path: str) -> Sample | None:
    """Send the sample; None if no connection to the service can be made from here."""
    if not _reachable(host, port):
        return None
    seconds, failures = [], []
    for _ in range(REQUESTS):
        began = time.monotonic()
        problem = _ask(host, port, path)
        seconds.append(time.monotonic() - began)
        failures += [problem] if problem else []
        time.sleep(PAUSE_SECONDS)
    return Sample(
        requests=REQUESTS,
        failed=len(failures),
        p95_seconds=round(percentile(seconds, 0.95), 4),
        first_failure=failures[0] if failures else "",
    )


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
