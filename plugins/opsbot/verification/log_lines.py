"""Which lines of a log tell of an error.

A line counts by its level where it has one, as a field of JSON or a word at its head, and else by
words that programs use when something broke. A counter that says `0 errors`, a field
`"error": null` or a route named `/errors` is no error. The words are data; nothing here obeys them.
"""

import json
import re

from opsbot.vocabulary.model import Value

_ERROR_LEVELS = frozenset({"error", "err", "fatal", "panic", "critical", "crit", "emerg", "alert"})
_WARNING_LEVELS = frozenset({"warn", "warning"})
_HARMLESS_LEVELS = frozenset({"trace", "debug", "info", "information", "notice"})
_PINO_WARN, _PINO_ERROR = 40, 50
"""Numbers that Node.js loggers (bunyan, pino) write for levels."""

_HEAD = re.compile(
    r"^(?:[\d\-:.,TZ+/\s\[\]()]*)[\[(<|]?\s*(?P<level>[A-Za-z]+)\b(?=\]|\)|>|\||:|\s|$)"
)
_FIELD = re.compile(r"\b(?:level|lvl|severity)[\"']?\s*[=:]\s*[\"']?(?P<level>\w+)", re.IGNORECASE)
_ERROR = re.compile(
    r"(?<![\w/.\-])(?:error|exception|fatal|panic|traceback|unhandled|uncaught)(?![\w/]|[\-.]\w)"
    r"|\w(?:Error|Exception)\b",
    re.IGNORECASE,
)
_EMPTY_FIELD = re.compile(
    r"\b(?:errors?|exceptions?)[\"']?\s*[:=]\s*[\"']?"
    r"(?:0|none|null|false|nil|\[\]|\{\}|\"\"|'')(?![\w.])",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|0|zero|without(?:\s+any)?|not\s+an?|any)\s+(?:\w+\s+)?(?:errors?|exceptions?|panics?)\b",
    re.IGNORECASE,
)
_WARNING = re.compile(r"(?<![\w/.\-])warn(?:ing)?(?![\w/])", re.IGNORECASE)
_NO_WARNING = re.compile(
    r"\b(?:no|0|zero)\s+warnings?\b|\bwarnings?[\"']?\s*[:=]\s*(?:0|null|none)\b", re.IGNORECASE
)


class Findings(Value):
    """What a log shows."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def inspect(lines: list[str]) -> Findings:
    """Sort out the lines that tell of errors and of warnings."""
    kinds = [(line, _kind(line)) for line in lines]
    return Findings(
        errors=tuple(line for line, kind in kinds if kind == "error"),
        warnings=tuple(line for line, kind in kinds if kind == "warning"),
    )


def _kind(line: str) -> str:
    """Return `error`, `warning` or nothing for a line."""
    level = _level(line)
    if level in _ERROR_LEVELS:
        return "" if _EMPTY_FIELD.match(line) else "error"
    if level in _WARNING_LEVELS:
        return "warning"
    if level in _HARMLESS_LEVELS:
        return ""
    if _ERROR.search(_DENIED.sub("", _EMPTY_FIELD.sub("", line))):
        return "error"
    return "warning" if _WARNING.search(_NO_WARNING.sub("", line)) else ""


def _level(line: str) -> str:
    """Return the level that the line itself names, in lower case."""
    found = _json_level(line) or _FIELD.search(line) or _HEAD.search(line)
    if isinstance(found, str):
        return found
    return found["level"].lower() if found else ""


def _json_level(line: str) -> str:
    """Return the level of a JSON line."""
    try:
        entry = json.loads(line) if line.lstrip().startswith("{") else {}
    except ValueError:
        return ""
    match entry.get("level", entry.get("severity", "")) if isinstance(entry, dict) else "":
        case bool():
            return ""
        case int() as number:
            return _numbered(number)
        case str() as level:
            return level.lower()
        case _:
            return ""


def _numbered(number: int) -> str:
    if number >= _PINO_ERROR:
        return "error"
    return "warn" if number >= _PINO_WARN else "info"
