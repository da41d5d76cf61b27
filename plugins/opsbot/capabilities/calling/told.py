"""The form of the tables: what a tool may call the things that a capability knows.

Whoever writes a tool chooses the spelling: `labelSelector`, `label_selector`. Names are compared
without humps and signs, in lower case.
"""

from pydantic import Field

from opsbot.vocabulary.model import Value


class Told(Value):
    """How one capability is told."""

    inputs: dict[str, tuple[str, ...]]
    """For each argument the inputs that mean it, the surest first."""
    needed: frozenset[str] = frozenset()
    """Arguments without which the tool would look somewhere else: it must take them."""
    fixed: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Inputs with one meaning here (`kind`: `Pod`), and the values that say it; the first that
    the tool lists is taken."""


def plain(name: str) -> str:
    """Return a name as the tables spell it."""
    return "".join(each for each in name.lower() if each.isalnum())
