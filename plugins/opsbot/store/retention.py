"""Which backups are kept: so many of each application and environment, and none too old.

The newest of each is kept, whatever its age: it is the last known way back. It goes by the names
alone, so that a backup which nobody can open any more is removed like any other.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from opsbot.vocabulary.backup_name import BackupName


def superfluous(
    names: Iterable[BackupName], *, kept: int, max_days: int, now: datetime
) -> tuple[BackupName, ...]:
    """Return which backups of one application and environment may go, oldest first."""
    newest_first = sorted(names, key=lambda each: each.taken_at, reverse=True)
    oldest = now - timedelta(days=max_days)
    going = [
        each
        for place, each in enumerate(newest_first)
        if place and (place >= kept or each.taken_at < oldest)
    ]
    return tuple(reversed(going))
