"""What is written down of a trigger, so that another process can go on from there.

A worker can die between the trigger and its answer. What it was about to do is therefore written
down before, and what came of it after: the retry begins by reading. A job that takes our key is
found by it anyway; for one that does not, this is all there is.
"""

from typing import Protocol

from opsbot.integrations.jenkins.handle import Handle
from opsbot.vocabulary.model import Value


class Attempt(Value):
    """How far the trigger of one build is."""

    handle: Handle | None = None
    """The build, once it is known."""
    posts: int = 0
    """Triggers sent whose answer is not known."""
    asked_at: float = 0.0
    """The server's clock before the first of them, in milliseconds."""


class Memory(Protocol):
    """Where an attempt is written down."""

    def read(self) -> Attempt:
        """Return what was written last; an empty attempt if nothing was."""
        ...

    def write(self, attempt: Attempt) -> None:
        """Write down, over what was there."""
        ...


class ProcessMemory:
    """A memory that ends with its process: a retry elsewhere has only the key to go by."""

    def __init__(self) -> None:
        self._attempt = Attempt()

    def read(self) -> Attempt:
        """Return what was written last."""
        return self._attempt

    def write(self, attempt: Attempt) -> None:
        """Write down."""
        self._attempt = attempt
