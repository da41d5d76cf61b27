"""One run of a container: a process group with its log, and how it ended."""

import contextlib
import os
import signal
import subprocess
import sys
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

# A file that the system cannot run is the container's own failure, told in its log. The interpreter
# that arranges this replaces itself by the program.
_FIRST_PROCESS = """
import os, sys
try:
    os.execv(sys.argv[1], sys.argv[1:])
except OSError as fault:
    os.write(2, f"exec {sys.argv[1]}: {fault.strerror[:1].lower()}{fault.strerror[1:]}\\n".encode())
    os._exit(1)
"""
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

    def terminate(self) -> None:
        """Ask the first process to end, in so far as a PID 1 would hear it.

        The kernel delivers to PID 1 only what it handles; a program without a handler therefore
        runs on until its grace period is over, in every container. Node.js has a handler of its
        own that ends it here (exit code 143) and would not as PID 1.
        """
        if self.exit_code is None and _handles(self.process.pid, signal.SIGTERM):
            self.process.terminate()

    def kill(self) -> None:
        """End the whole process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

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
        [sys.executable, "-I", "-S", "-c", _FIRST_PROCESS, *program.arguments],
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
    run.kill()
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
            run.kill()
            return
        time.sleep(_MEMORY_POLL)


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _handles(process: int, number: signal.Signals) -> bool:
    """Tell whether a process handles a signal; True where the system does not say."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii", errors="replace")
    except OSError:
        return True
    caught = next((line for line in status.splitlines() if line.startswith("SigCgt:")), None)
    return caught is None or bool(int(caught.split()[1], 16) >> (number - 1) & 1)
