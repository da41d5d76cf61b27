from datetime import UTC, datetime, timedelta

from opsbot.store import retention
from opsbot.vocabulary.backup_name import BackupName
from tests.store.backups import a_name

NOW = datetime(2025, 6, 1, tzinfo=UTC)


def names(*days_old: int) -> list[BackupName]:
    return [a_name(taken_at=NOW - timedelta(days=each)) for each in days_old]


def going(*days_old: int, kept: int = 3, max_days: int = 30) -> list[int]:
    found = retention.superfluous(names(*days_old), kept=kept, max_days=max_days, now=NOW)
    return [(NOW - each.taken_at).days for each in found]


def test_s20_backups_beyond_the_number_go_oldest_first() -> None:
    assert going(1, 5, 3, 2, 4) == [5, 4]


def test_s20_backups_that_are_too_old_go_though_there_are_few() -> None:
    assert going(1, 31, 30) == [31]


def test_the_newest_stays_however_old_it_is() -> None:
    assert going(100, 200) == [200]
    assert going(100, kept=1, max_days=1) == []


def test_nothing_goes_while_there_is_room() -> None:
    assert going(1, 2, 3) == []
    assert going() == []
