"""One spelling for each JSON value, so that equal values have equal hashes.

Keys are sorted and nothing stands between the tokens. Whoever compares two hashes of one value
must spell it the same way; this is the one place that says how.
"""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> str:
    """Spell a JSON value in its one canonical way; what JSON cannot say is a `TypeError`."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_of(value: Any) -> str:
    """Hash a JSON value by its canonical spelling."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def slow_hash(secret: str, place: str) -> str:
    """Hash a secret so that guessing it is expensive, also where few values are likely.

    `place` says whose secret it is: equal secrets in two places have two hashes.
    """
    found = hashlib.scrypt(secret.encode(), salt=place.encode(), n=2**13, r=8, p=1, dklen=32)
    return f"scrypt:{found.hex()}"
