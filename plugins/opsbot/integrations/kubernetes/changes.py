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

    @property
    def line(self) -> str:
        """Say the change on one line, without secrets."""
        match self.before, self.after:
            case None, _:
                return f"+ {self.field}: {self._shown(self.after)}"
            case _, None:
                return f"- {self.field}: {self._shown(self.before)}"
            case _:
                return f"~ {self.field}: {self._shown(self.before)} -> {self._shown(self.after)}"

    def _shown(self, value: str | None) -> str:
        names = self.field.replace("[", ".").replace("]", "").split(".")
        if any(looks_secret(name) for name in names):
            return MASK
        text = canonical_json(redact_value(json.loads(value or "null")))
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def between(before: Any, after: Any, field: str = "") -> tuple[Change, ...]:
    """Return the changes that lead from one JSON value to another, in the order of fields."""
    return tuple(_walk(before, after, field))


def of_new(value: Any) -> tuple[Change, ...]:
    """Return every field of a new object on a line of its own."""
    return between(_hollow(value), value)


def _hollow(value: Any) -> Any:
    """Return the structure of a value without its fields."""
    match value, _entries(value):
        case dict(), dict() as entries:
            return {key: _hollow(each) for key, each in entries.items() if _entries(each)}
        case list(), dict() as entries:
            return [{**_hollow(each), "name": each["name"]} for each in entries.values()]
        case _:
            return value


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
