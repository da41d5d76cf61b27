"""Container logs: what a process wrote, line by line with the time, in a file per run.

Paths under the container's root are shown as the process would see them inside its image, because
that is what its messages mean.
"""

import threading
from pathlib import Path
from typing import IO

from opsbot.sandbox.kubernetes.cluster import micro_stamp

_LONGEST_LINE = 16 * 1024


class Recording:
    """One run's log."""

    def __init__(self, file: Path, seen: list[tuple[Path, str]]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("ab", buffering=0)
        pairs = {str(each): path for real, path in seen for each in (real, real.resolve())}
        longest_first = sorted(pairs.items(), key=lambda pair: -len(pair[0]))
        self._seen = [(real.encode(), path.encode()) for real, path in longest_first]
        self._thread: threading.Thread | None = None

    def follow(self, pipe: IO[bytes]) -> None:
        """Record until the pipe closes."""
        self._thread = threading.Thread(target=self._run, args=(pipe,), daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait a little for the last lines; a grandchild may hold the pipe open."""
        if self._thread:
            self._thread.join(1)

    def _run(self, pipe: IO[bytes]) -> None:
        with pipe, self._file:
            while line := pipe.readline(_LONGEST_LINE):
                self._file.write(self._line(line))

    def _line(self, line: bytes) -> bytes:
        for real, path in self._seen:
            line = line.replace(real, path)
        return micro_stamp().encode() + b" " + line.rstrip(b"\n") + b"\n"
