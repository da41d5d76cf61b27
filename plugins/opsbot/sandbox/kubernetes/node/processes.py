"""One run of a container: a process group with its log, and how it ended."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from opsbot.sandbox.kubernetes.cluster import stamp
from opsbot.sandbox.kubernetes.node.programs import Program
from opsbot.sandbox.kubernetes.node.reaper import Reaper
from opsbot.sandbox.kubernetes.node.recording import Recording
from opsbot.sandbox.kubernetes.problems import Json

_MEMORY_POLL = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Run:
    """A started process; `exit_code` is None until it has ended."""

    identity: str
    started_at: str
    process: subprocess.Popen[bytes]
    exit_code: int | None = None
    finished_at: str = ""
    out_of_memory: bool = False

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process; SIGKILL goes to the whole group."""
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.exit_code is None:
                self.process.send_signal(number)
        except ProcessLookupError:
            return

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the main process; False if it takes longer."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ended(self) -> Json:
        """Describe the end as a container status does."""
        reason = "Error" if self.exit_code else "Completed"
        return {
            "exitCode": self.exit_code,
            "reason": "OOMKilled" if self.out_of_memory else reason,
            "startedAt": self.started_at,
            "finishedAt": self.finished_at,
            "containerID": f"containerd://{self.identity}",
        }


@dataclass(frozen=True)
class Watch:
    """Who has to know of a run."""

    recording: Recording
    reaper: Reaper
    ended: Callable[[], None]


def start(program: Program, identity: str, watch: Watch, memory: int | None) -> Run:
    """Start a program in a process group of its own and record what it writes."""
    process = subprocess.Popen(
        program.arguments,
        cwd=program.directory,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    watch.reaper.started(process.pid)
    run = Run(identity, stamp(), process)
    if process.stdout:
        watch.recording.follow(process.stdout)
    threading.Thread(target=_await, args=(run, watch), daemon=True).start()
    if memory and Path("/proc/self/statm").exists():
        threading.Thread(target=_limit, args=(run, memory), daemon=True).start()
    return run


def _await(run: Run, watch: Watch) -> None:
    code = run.process.wait()
    # The end of a container's first process is the end of all its processes.
    run.signal(signal.SIGKILL)
    watch.reaper.ended(run.process.pid)
    watch.recording.finish()
    run.finished_at = stamp()
    run.exit_code = code if code >= 0 else 128 - code
    watch.ended()


def _limit(run: Run, memory: int) -> None:
    """Kill the group when it holds more memory than its limit.

    An rlimit is no substitute: V8 reserves address space that it never uses.
    """
    while run.exit_code is None:
        if _resident(run.process.pid) > memory:
            run.out_of_memory = True
            run.signal(signal.SIGKILL)
            return
        time.sleep(_MEMORY_POLL)


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0
