"""Words about progress, for the person who watches a step run.

A step that waits for minutes says what it waits for. Where the words go is the caller's business:
an operator logs them, a test collects them.
"""

from collections.abc import Callable

Say = Callable[[str], None]
"""Takes one line about what is going on; never a secret."""


def silent(words: str) -> None:
    """Say nothing."""
