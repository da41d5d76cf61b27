"""A build and a queue item: what is known of them at a moment, and where their files are.

Moments are milliseconds of the server's clock, as Jenkins counts them.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opsbot.sandbox.jenkins.jobs import Input, Job, Value

REMEMBERED = 300_000
"""How long an item that left the queue is still answered."""
WORSE = ("SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED")


@dataclass
class Item:
    """A place in the queue; after it left, what became of it."""

    id: int
    job: Job
    parameters: dict[str, Value]
    users: list[str]
    since: int
    due: int
    cancelled: bool = False
    left_at: int | None = None
    build: "Build | None" = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is still in the queue."""
        return self.left_at is None

    def is_forgotten(self, now: int) -> bool:
        """Whether Jenkins does not know it any more."""
        return self.left_at is not None and now > self.left_at + REMEMBERED


@dataclass
class Stage:
    """A stage that was begun; one that was not reached is none."""

    name: str
    started: int
    status: str = "IN_PROGRESS"
    duration: int = 0
    paused: int = 0
    """Milliseconds that it waited for an answer."""
    error: str = ""


@dataclass
class Question:
    """An input step that somebody has to answer, or has answered."""

    input: Input
    asked: int
    answered: threading.Event = field(default_factory=threading.Event)
    user: str = ""
    proceeds: bool = False
    values: dict[str, Value] = field(default_factory=dict)


@dataclass
class Build:
    """One run of a job."""

    job: Job
    number: int
    queue_id: int
    parameters: dict[str, Value]
    users: list[str]
    folder: Path
    started: int
    previous: "Build | None" = None
    duration: int = 0
    building: bool = True
    result: str | None = None
    commit: str | None = None
    artifacts: tuple[str, ...] = ()
    tests: dict[str, Any] | None = None
    coverage: dict[str, Any] | None = None
    stages: list[Stage] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    interrupted: str = ""
    """Why it was stopped: `Aborted by admin`, `Superseded by #8`."""
    result_when_stopped: str = "ABORTED"

    @property
    def log(self) -> Path:
        """The file of its console."""
        return self.folder / "log"

    @property
    def archive(self) -> Path:
        """The folder of its artifacts."""
        return self.folder / "archive"

    @property
    def pending(self) -> list[Question]:
        """The questions that wait for an answer."""
        return [each for each in self.questions if not each.answered.is_set()]

    def worsen(self, result: str) -> None:
        """Set the result; it only gets worse."""
        if self.result is None or WORSE.index(result) > WORSE.index(self.result):
            self.result = result

    def interrupt(self, why: str, result: str = "ABORTED") -> None:
        """Ask it to stop, once."""
        if self.building and not self.stopping.is_set():
            self.interrupted, self.result_when_stopped = why, result
            self.stopping.set()

    def say(self, words: str) -> None:
        """Write to the console."""
        with self.log.open("ab") as console:
            console.write(f"{words}\n".encode())
