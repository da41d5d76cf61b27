"""A build and a queue item: what is known of them at a moment, and where their files are."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opsbot.sandbox.jenkins.jobs import Job, Value

REMEMBERED_SECONDS = 300.0
"""How long an item that left the queue is still answered."""


def now() -> int:
    """Return the time in milliseconds, as Jenkins counts it."""
    return int(time.time() * 1000)


@dataclass
class Item:
    """A place in the queue; after it left, what became of it."""

    id: int
    job: Job
    parameters: dict[str, Value]
    users: list[str]
    due: int
    since: int = field(default_factory=now)
    cancelled: bool = False
    left_at: float | None = None
    build: "Build | None" = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is still in the queue."""
        return self.left_at is None

    def leave(self) -> None:
        """Leave the queue."""
        self.left_at = time.monotonic()

    @property
    def is_forgotten(self) -> bool:
        """Whether Jenkins does not know it any more."""
        return self.left_at is not None and time.monotonic() > self.left_at + REMEMBERED_SECONDS


@dataclass
class Build:
    """One run of a job."""

    job: Job
    number: int
    queue_id: int
    parameters: dict[str, Value]
    users: list[str]
    folder: Path
    started: int = field(default_factory=now)
    duration: int = 0
    building: bool = True
    result: str | None = None
    commit: str | None = None
    artifacts: tuple[str, ...] = ()
    tests: dict[str, Any] | None = None
    coverage: dict[str, Any] | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def log(self) -> Path:
        """The file of its console."""
        return self.folder / "log"

    @property
    def archive(self) -> Path:
        """The folder of its artifacts."""
        return self.folder / "archive"

    def worsen(self, result: str) -> None:
        """Set the result; it only gets worse."""
        order = ("SUCCESS", "UNSTABLE", "FAILURE", "ABORTED")
        if self.result is None or order.index(result) > order.index(self.result):
            self.result = result

    def say(self, words: str) -> None:
        """Write to the console."""
        with self.log.open("ab") as console:
            console.write(f"{words}\n".encode())
