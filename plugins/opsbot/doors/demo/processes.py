"""Child processes that never outlive their purpose.

Each part runs in a session of its own: a Ctrl-C in the terminal reaches the demo alone, which then
stops the parts in order. Airflow's task processes leave their parent's process group but not its
session, so the session is what is cleaned up after the part itself has ended.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from opsbot.vocabulary.errors import OpsBotError

GRACE_SECONDS = 15.0

KILL_SECONDS = 5.0


class PartFailed(OpsBotError):
    """A part of the demo did not start or ended too early; the message shows its last words."""


@dataclass
class Part:
    """One running process with its log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    grace: float = GRACE_SECONDS
    """How long it may take to end by itself after SIGTERM."""

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self.process.poll() is not None

    def last_words(self, lines: int = 25) -> str:
        """Return the end of the log."""
        return last_lines(self.log, lines)

    def must_live(self) -> None:
        """Raise with the log's end if the process has ended."""
        if self.ended:
            raise self.failure(f"ended with exit code {self.process.returncode}")

    def failure(self, what: str) -> PartFailed:
        """Return the error that says what happened to this part and shows its last words."""
        return PartFailed(f"{self.name} {what}. The end of {self.log}:\n{self.last_words()}")


def start(
    name: str,
    argv: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    answers: Path | None = None,
    grace: float = GRACE_SECONDS,
) -> Part:
    """Start a process; what it prints goes to its log, or to `answers` where that is given."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words, (answers or log).open("ab") as output:
        process = subprocess.Popen(
            list(argv),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=words,
            start_new_session=True,
        )
    return Part(name, process, log, grace)


def finish(part: Part, seconds: float) -> None:
    """Wait until a part has done its work; raise if it fails or takes too long."""
    try:
        code = part.process.wait(seconds)
    except subprocess.TimeoutExpired:
        stop([part])
        raise part.failure(f"was not done after {seconds:.0f} s") from None
    if code != 0:
        raise part.failure(f"failed with exit code {code}")


def first_line(part: Part, answers: Path, seconds: float) -> str:
    """Return the first line a part writes to `answers`; raise if it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while "\n" not in (text := answers.read_text(encoding="utf-8")):
        part.must_live()
        if time.monotonic() > deadline:
            raise part.failure(f"said nothing for {seconds:.0f} s")
        time.sleep(0.05)
    return text.partition("\n")[0]


def stop(parts: Iterable[Part]) -> None:
    """Stop all parts at once and wait; what is left of their sessions then is killed."""
    parts = list(parts)
    for part in parts:
        _signal(part.process.pid, signal.SIGTERM)
    told = time.monotonic()
    for part in parts:
        try:
            part.process.wait(max(0.0, told + part.grace - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal(part.process.pid, signal.SIGKILL)
            part.process.wait()
    for part in parts:
        _clear_session(part.process.pid)


def session_of(leader: int) -> list[int]:
    """Return the living processes whose session was begun by `leader`, itself included."""
    return [pid for pid in psutil.pids() if _session(pid) == leader and _lives(pid)]


def last_lines(path: Path, lines: int) -> str:
    """Return the last lines of a text file; one that is not there has none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _clear_session(leader: int) -> None:
    """Kill what is left of a session; a process that was just forked is met the next time."""
    deadline = time.monotonic() + KILL_SECONDS
    while (left := session_of(leader)) and time.monotonic() < deadline:
        for pid in left:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    """Tell a living process from one that waits for its parent to notice its end."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
