"""Fakes of the ports through which the rooms reach Airflow."""

from collections.abc import Iterator

from opsbot.orchestration.publishing import Clock, SeenDag
from opsbot.store import plans


class FakeVariables:
    """Variables in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.values.get(key)

    def set(self, key: str, value: str, description: str) -> None:
        self.values[key] = value

    def delete(self, key: str) -> None:
        self.values.pop(key, None)


class FakeTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.now, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class FakeScheduler:
    """A scheduler that sees what it is told to see, one look after another, the last for ever."""

    def __init__(self, *seen: SeenDag | None, interval: int = 0) -> None:
        self.interval = interval
        self.runs: dict[tuple[str, str], str] = {}
        self._seen: Iterator[SeenDag | None] = iter(seen)
        self._last: SeenDag | None = None

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        return self.runs.get((dag_id, run_id))

    def look(self, dag_id: str) -> SeenDag | None:
        self._last = next(self._seen, self._last)
        return self._last


def index_of(variables: FakeVariables) -> plans.Index:
    """Read the index of a fake store."""
    return plans.read_index(variables)
