"""Waiting for something that happens elsewhere.

Short things should be noticed at once and long ones without haste: the pauses between two looks
start small and grow. Each wait has an end; what running out of patience means is the caller's.
"""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from opsbot.vocabulary.model import Value

Found = TypeVar("Found")


class Clock(Protocol):
    """Something that tells how time passes and lets it pass."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        ...


class MachineClock:
    """The machine's own time."""

    def now(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let real time pass."""
        time.sleep(seconds)


class Patience(Value):
    """How long to wait, and how often to look meanwhile; all in seconds."""

    total: float
    first: float = 0.3
    growth: float = 1.3
    longest: float = 8.0


def until(look: Callable[[], Found | None], patience: Patience, clock: Clock) -> Found | None:
    """Look again and again until something is there; return None when patience ends first."""
    end, pause = clock.now() + patience.total, patience.first
    while (found := look()) is None:
        if clock.now() + pause > end:
            return None
        clock.sleep(pause)
        pause = min(pause * patience.growth, patience.longest)
    return found
