"""No process outlives the sandbox, not even after `kill -9`.

A small process of its own reads from a pipe which process groups are alive. When the sandbox ends,
in whatever way, the pipe closes and the reaper kills what is left. (PR_SET_PDEATHSIG would be
Linux only, bound to the thread that started the process, and blind to grandchildren.)
"""

import subprocess
import sys
import threading

_PROGRAM = """
import os, signal, sys
alive = set()
for line in sys.stdin:
    sign, group = line[0], int(line[1:])
    alive.add(group) if sign == "+" else alive.discard(group)
for group in alive:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
"""


class Reaper:
    """The watch over all process groups that pods started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={},
        )

    def started(self, group: int) -> None:
        """Watch over a new process group."""
        self._tell(f"+{group}\n")

    def ended(self, group: int) -> None:
        """Forget a process group whose number may be given again."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        with self._lock:
            if self._process.stdin and not self._process.stdin.closed:
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()

    def stop(self) -> None:
        """Kill what is left, and wait for it."""
        with self._lock:
            if self._process.stdin:
                self._process.stdin.close()
        self._process.wait(10)
