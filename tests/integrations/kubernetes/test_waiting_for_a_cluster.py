from dataclasses import dataclass

import pytest

from opsbot.integrations.kubernetes import patience
from opsbot.vocabulary.errors import TryAgain
from opsbot.vocabulary.progress import silent


@dataclass
class FakeClock:
    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def test_what_is_there_is_returned_at_once_with_its_words() -> None:
    clock = FakeClock()

    assert patience.until(lambda: (1, "there"), seconds=0, say=silent, clock=clock) == (1, "there")
    assert clock.seconds == 0


def test_time_that_is_up_returns_the_last_words() -> None:
    clock = FakeClock()

    found = patience.until(lambda: (None, "not yet"), seconds=10, say=silent, clock=clock)

    assert found == (None, "not yet")
    assert 10 <= clock.seconds <= 11


def test_each_line_is_said_once() -> None:
    words, said = iter(["a", "a", "b", "b", "b"]), []

    def look() -> tuple[int | None, str]:
        word = next(words, "c")
        return (1 if word == "c" else None), word

    patience.until(look, seconds=60, say=said.append, clock=FakeClock())

    assert said == ["a", "b", "c"]


def test_a_cluster_that_is_away_for_a_moment_is_waited_for() -> None:
    looks = iter([TryAgain("away"), TryAgain("away")])

    def look() -> tuple[int | None, str]:
        for fault in looks:
            raise fault
        return 1, "back"

    assert patience.until(look, seconds=60, say=silent, clock=FakeClock()) == (1, "back")


def test_a_cluster_that_stays_away_is_told() -> None:
    clock = FakeClock()

    def look() -> tuple[int | None, str]:
        raise TryAgain("away")

    with pytest.raises(TryAgain):
        patience.until(look, seconds=1e9, say=silent, clock=clock)

    assert clock.seconds > patience.UNREACHABLE_SECONDS


def test_looks_grow_rarer_while_nothing_happens() -> None:
    clock, looks = FakeClock(), []

    patience.until(
        lambda: (looks.append(clock.seconds), (None, "same"))[1],
        seconds=120,
        say=silent,
        clock=clock,
    )

    assert looks[1] - looks[0] == patience.QUICK
    assert looks[-1] - looks[-2] == patience.SLOW
