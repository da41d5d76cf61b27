"""Waiting for a cluster: look, say what is new, look again, until it is so or time is up.

Looking again and again survives what a watch has to be taught: expired versions, cut connections
and a client that gives up a quiet stream. While nothing happens, looks grow rarer. A cluster that
does not answer for a moment is not a failed rollout; the wait goes on for a bounded time.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.errors import TryAgain
from opsbot.vocabulary.progress import Say

QUICK, SLOW, QUIET_AFTER = 0.25, 1.0, 60.0
UNREACHABLE_SECONDS = 60.0

Found = TypeVar("Found")


class UnixClock:
    """Unix seconds, comparable with a cluster's own, that no correction of the time can move."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Return unix seconds."""
        return self._offset + time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let real time pass."""
        time.sleep(seconds)


SYSTEM = UnixClock()


def until(
    look: Callable[[], tuple[Found | None, str]],
    *,
    seconds: float,
    say: Say,
    clock: Clock = SYSTEM,
) -> tuple[Found | None, str]:
    """Look until something is found or time is up; return it with the last words.

    `look` returns what it found, or None, and a line about what it saw. New lines are said.
    """
    end = clock.now() + seconds
    last, said_at = "", clock.now()
    unreachable_since: float | None = None
    while True:
        found, words = None, last
        try:
            found, words = look()
            unreachable_since = None
        except TryAgain as fault:
            unreachable_since = unreachable_since or clock.now()
            if clock.now() - unreachable_since > UNREACHABLE_SECONDS:
                raise
            words = str(fault)
        if words != last:
            last, said_at = words, clock.now()
            say(words)
        if found is not None or clock.now() >= end:
            return found, words
        clock.sleep(QUICK if clock.now() - said_at < QUIET_AFTER else SLOW)
