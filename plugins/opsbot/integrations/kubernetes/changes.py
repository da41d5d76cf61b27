"""The difference between a live object and the one that would replace it, field by field.

List entries that have a name (containers, variables, ports, volumes) are compared by name, as
server-side apply merges them; a moved entry is no change to a reader.
"""

import json
from collections.abc import Iterator
from typing import Any

from opsbot.vocabulary.canonical import canonical_json
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import MASK, looks_secret, redact_value

_ABSENT: Any = object()
_LONGEST = 200
"""Characters of a value that a line shows."""


class Change(Value):
    """One field that would differ."""

    field: str
    before: str | None
    """Canonical JSON; None where the field is new."""
    after: str | None
    """Canonical JSON; None where the field goes."""
    hidden: bool = False
    """Whether the values are hashes of secret ones; that they differ is all that is said."""

    @property
    def line(self) -> str:
        """Say the change on one line, without secrets."""
        sign = "+" if self.before is None else "-" if self.after is None else "~"
        return f"{sign} {self.field}: {self.values}"

    @property
    def values(self) -> str:
        """Show the value, or the old and the new one, without secrets."""
        if self.hidden:
            return "new" if self.before is None else "removed" if self.after is None else "changed"
        known = [self._shown(each) for each in (self.before, self.after) if each is not None]
        return " -> ".join(known)

    def _shown(self, value: str) -> str:
        plain = json.loads(value)
        names = self.field.replace("[", ".").replace("]", "").split(".")
        if any(looks_secret(name) for name in names) and not isinstance(plain, bool):
            return MASK
        text = canonical_json(redact_value(plain))
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def between(before: Any, after: Any, field: str = "") -> tuple[Change, ...]:
    """Return the changes that lead from one JSON value to another, in the order of fields."""
    return tuple(_walk(before, after, field))


def of_new(value: Any, field: str = "") -> tuple[Change, ...]:
    """Return every field of something new on a line of its own."""
    return tuple(_leaves(value, field))


def _leaves(value: Any, field: str) -> Iterator[Change]:
    entries = _entries(value)
    if entries is None:
        yield Change(field=field, before=None, after=_spelled(value))
        return
    for key, each in sorted(entries.items()):
        # The name of an entry stands in its field; an entry that is nothing else is shown whole.
        rest = {k: v for k, v in each.items() if k != "name"} if isinstance(value, list) else each
        if rest == {}:
            yield Change(field=_join(field, key), before=None, after=_spelled(each))
        else:
            yield from _leaves(rest, _join(field, key))


def _walk(before: Any, after: Any, field: str) -> Iterator[Change]:
    if before == after:
        return
    old, new = _entries(before), _entries(after)
    if old is None or new is None:
        yield Change(field=field, before=_spelled(before), after=_spelled(after))
        return
    for key in sorted({**old, **new}):
        yield from _walk(old.get(key, _ABSENT), new.get(key, _ABSENT), _join(field, key))


def _entries(value: Any) -> dict[str, Any] | None:
    """Return the parts of a value by name; None if it is to be shown as a whole."""
    match value:
        case dict() if value:
            return value
        case [*entries] if entries and all(isinstance(e, dict) and "name" in e for e in entries):
            return {f"[{entry['name']}]": entry for entry in entries}
        case _:
            return None


def _join(field: str, key: str) -> str:
    return f"{field}{key}" if key.startswith("[") or not field else f"{field}.{key}"


def _spelled(value: Any) -> str | None:
    return None if value is _ABSENT else canonical_json(value)
