"""What every part of the cluster shares: the store, the clock, chance and a place for files."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from opsbot.sandbox.kubernetes.storage import Store

NODE = "sandbox"
Log = Callable[[str], None]

# The letters the real cluster uses in generated names: no vowels, no words.
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


@dataclass
class Cluster:
    """One running cluster."""

    state: Path
    log: Log
    store: Store = field(default_factory=Store)
    chance: random.Random = field(default_factory=random.SystemRandom)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def suffix(self, length: int = 5) -> str:
        """Make the random end of a generated name."""
        return "".join(self.chance.choice(_LETTERS) for _ in range(length))


def now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)


def stamp(moment: datetime | None = None) -> str:
    """Write a time as the API does, in whole seconds."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_stamp(moment: datetime | None = None) -> str:
    """Write a time with microseconds, as scheduler events and logs do."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """Read a time of the API."""
    return datetime.fromisoformat(text)


def spell_hash(number: int) -> str:
    """Write a hash with the letters of generated names, its digits taken as characters."""
    return "".join(_LETTERS[ord(digit) % len(_LETTERS)] for digit in str(number))
