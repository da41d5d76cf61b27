"""How long a container that ended waits for its next life.

The first restart is immediate; then 10 s, 20 s, 40 s and so on. `CrashLoopBackOff` therefore first
shows after the second crash. The event is told at once, and again whenever the pod is looked at:
soon, as its status changes, and later from time to time.
"""

import time
from typing import TYPE_CHECKING

from opsbot.sandbox.kubernetes.cluster import parse
from opsbot.sandbox.kubernetes.problems import Json

if TYPE_CHECKING:
    from opsbot.sandbox.kubernetes.node.containers import Container

FIRST, LONGEST = 10.0, 300.0
FORGIVEN_AFTER = 600.0
_CRASH_SHOWN_FOR, _FAILED_START_SHOWN_FOR = 0.7, 1.5
_TOLD_AGAIN = (1.0, 12.0)


class BackOff:
    """The waits of one container, which double."""

    def __init__(self, container: "Container") -> None:
        self._container = container
        self._seconds = 0.0

    def before_next_life(self) -> bool:
        """Wait after an end; False if the pod is to stop."""
        view = self._container.view
        ended = view.state
        if _lived(ended["terminated"]) > FORGIVEN_AFTER:
            self._seconds = 0.0
        self._tell_if_repeated()
        if self._container.pause(_CRASH_SHOWN_FOR):
            return False
        view.last_state = ended
        return self._sit_out_if_repeated()

    def after_failed_start(self) -> bool:
        """Wait after a start that failed; False if the pod is to stop."""
        self._tell_if_repeated()
        return not self._container.pause(_FAILED_START_SHOWN_FOR) and self._sit_out_if_repeated()

    def _tell_if_repeated(self) -> None:
        if self._seconds:
            self._tell()

    def _sit_out_if_repeated(self) -> bool:
        if self._seconds and not self._sit_out():
            return False
        self._seconds = self._seconds or FIRST
        self._container.view.restarts += 1
        return True

    def _sit_out(self) -> bool:
        """Wait in CrashLoopBackOff; False if the pod is to stop."""
        container, seconds = self._container, self._seconds
        which = f"container={container.name} pod={container.around.full_name}"
        text = f"back-off {_spelled(seconds)} restarting failed {which}"
        container.wait("CrashLoopBackOff", text)
        self._seconds = min(2 * seconds, LONGEST)
        ends = time.monotonic() + seconds
        soon, later = _TOLD_AGAIN
        self._tell()
        if container.pause(min(soon, seconds)):
            return False
        while (left := ends - time.monotonic()) > 0:
            self._tell()
            if container.pause(min(later, left)):
                return False
        return True

    def _tell(self) -> None:
        container = self._container
        which = f"container {container.name} in pod {container.around.full_name}"
        container.say("BackOff", f"Back-off restarting failed {which}", warning=True)


def _lived(ended: Json) -> float:
    begin, end = parse(ended["startedAt"]), parse(ended["finishedAt"])
    return (end - begin).total_seconds()


def _spelled(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
