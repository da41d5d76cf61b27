"""Masking secrets in whatever leaves OPS Bot: logs, errors, prompts, reports, messages.

A secret is known by its own shape (a JWT, a PEM key, `squ_...`), by the name beside it
(`DB_PASSWORD=...`) or by its place (`Authorization:`, the password in a URL). Masking may hide a
harmless word; it must not let a secret pass. What is masked reads `***`, so a reader sees that
something was there.
"""

import re
from typing import Any

MASK = "***"

_TELLTALE = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|"
    r"signing[_.-]?key|encryption[_.-]?key|credentials?|auth|bearer|cookie|session[_.-]?id|"
    r"client[_.-]?secret|connection[_.-]?string|dsn"
)
_SECRET_LIKE = re.compile(rf"(?:^|[_.\- ])(?:{_TELLTALE})(?:$|[_.\- ]|\d)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HARMLESS_NAME = re.compile(r"(?:file|path|name|url|uri|ttl|expiry|expires|count|id)$", re.I)

# A name is looked at once, from its start and without going back: a hostile log line must not
# keep the masking busy for minutes.
_NAME = rf"(?<![\w.\-])(?=[\w.\-]*?(?:{_TELLTALE}))[\w.\-]++"
_KEYED = rf"""(?P<lead>["']?{_NAME}["']?\s*(?:=>|[:=])\s*)"""
_QUOTED_OR_BARE = r"""(?P<value>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[^\s"',;&}\])]+)"""

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----).*?"
            r"(?:-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----|\Z)",
            re.DOTALL,
        ),
        rf"\1{MASK}",
    ),
    (
        re.compile(r"(?i)((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?)(?:[a-z]+\s+)?[^\s\"',]+"),
        rf"\1{MASK}",
    ),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[a-z0-9+/._~=\-]{8,}"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,30}://[^\s/:@\"']*:)[^\s/@\"']+(@)"), rf"\1{MASK}\2"),
    (re.compile(r"(?i)\b(https?://)[^\s/:@\"']{16,}(@)"), rf"\1{MASK}\2"),
    (re.compile(r"(https://hooks\.slack\.com/(?:services|workflows)/)[\w/\-]+"), rf"\1{MASK}"),
    (re.compile(r"\beyJ[\w\-]{5,}\.[\w\-]{5,}\.[\w\-]*"), MASK),
    (re.compile(r"\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}\b"), MASK),
    (re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})"), MASK),
    (re.compile(r"\bglpat-[\w\-]{16,}"), MASK),
    (re.compile(r"\bxox[a-z]-[A-Za-z0-9\-]{8,}|\bxapp-[A-Za-z0-9\-]{8,}"), MASK),
    (re.compile(r"\bsq[uap]_[A-Za-z0-9]{16,}"), MASK),
    (re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|\bsk-[A-Za-z0-9_\-]{20,}"), MASK),
    (re.compile(r"\bdckr_(?:pat|oat)_[\w\-]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w\-]{30,}"), MASK),
)
_ASSIGNMENT = re.compile(_KEYED + _QUOTED_OR_BARE, re.IGNORECASE)


def looks_secret(name: str) -> bool:
    """Tell whether a name (variable, key, header) is one that secrets have."""
    words = _CAMEL.sub("_", name)
    return bool(_SECRET_LIKE.search(words)) and not _HARMLESS_NAME.search(words)


def redact(text: str) -> str:
    """Mask every secret in a text."""
    for shape, replacement in _SHAPES:
        text = shape.sub(replacement, text)
    return _ASSIGNMENT.sub(_mask_assignment, text)


def redact_value(value: Any) -> Any:
    """Mask every secret in a JSON value, by its own shape or by the name beside it.

    Environment variables stand in Kubernetes as `{"name": ..., "value": ...}`; there the name is
    beside the value, not its key.
    """
    match value:
        case str():
            return redact(value)
        case list() | tuple():
            return [redact_value(each) for each in value]
        case {"name": str() as name, "value": _} if looks_secret(name):
            return {**{key: redact_value(each) for key, each in value.items()}, "value": MASK}
        case dict():
            return {key: _masked_entry(key, each) for key, each in value.items()}
        case _:
            return value


def _masked_entry(key: Any, value: Any) -> Any:
    if isinstance(key, str) and looks_secret(key) and isinstance(value, str | int | float | bytes):
        return MASK if value not in ("", True, False) else value
    return redact_value(value)


def _mask_assignment(found: re.Match[str]) -> str:
    lead, value = found["lead"], found["value"]
    name = re.split(r"=>|[:=]", lead, maxsplit=1)[0].strip(" \"'")
    if not looks_secret(name) or _is_no_secret(value):
        return found[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{lead}{quote}{MASK}{quote}"


def _is_no_secret(value: str) -> bool:
    """Tell values that say there is none, or that are masked already."""
    return value.strip("\"'").lower() in {"", MASK, "null", "none", "undefined", "true", "false"}
