"""The one thread of all controllers: a queue of what may need attention.

A controller never reacts to a change itself; the change only names an object to look at, and the
look compares what is with what should be. So it does not matter how many changes are folded into
one look, or that a look finds nothing to do.
"""

import heapq
import threading
import time
from collections.abc import Callable

from opsbot.sandbox.kubernetes.cluster import Log

Item = tuple[str, str, str]  # which controller, namespace, name


class Loop:
    """A queue without duplicates, with items that become due later."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._condition = threading.Condition()
        self._waiting: dict[Item, None] = {}
        self._later: list[tuple[float, Item]] = []
        self._stopped = False
        self._controllers: dict[str, Callable[[str, str], float | None]] = {}
        self._thread = threading.Thread(target=self._run, name="controllers", daemon=True)

    def serve(self, name: str, look: Callable[[str, str], float | None]) -> None:
        """Name a controller; it may return the seconds after which to look again."""
        self._controllers[name] = look

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after the present look."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        self._thread.join(5)

    def add(self, controller: str, namespace: str, name: str) -> None:
        """Name an object to look at."""
        with self._condition:
            self._waiting[controller, namespace, name] = None
            self._condition.notify_all()

    def _run(self) -> None:
        while (item := self._next()) is not None:
            controller, namespace, name = item
            try:
                again = self._controllers[controller](namespace, name)
            except Exception as fault:  # one object's trouble must not stop the others
                self._log(f"kubernetes: {controller} {namespace}/{name}: {fault!r}")
                again = 5.0
            if again is not None:
                with self._condition:
                    heapq.heappush(self._later, (time.monotonic() + again, item))

    def _next(self) -> Item | None:
        with self._condition:
            while not self._stopped:
                while self._later and self._later[0][0] <= time.monotonic():
                    self._waiting[heapq.heappop(self._later)[1]] = None
                if self._waiting:
                    item = next(iter(self._waiting))
                    del self._waiting[item]
                    return item
                due = self._later[0][0] - time.monotonic() if self._later else None
                self._condition.wait(due)
            return None
