"""Masking secrets in whatever leaves OPS Bot: logs, errors, prompts, reports, messages.

A secret is known by its own shape (a JWT, a PEM key, `squ_...`), by its place (`Authorization:`,
the password in a URL) or by the name beside it (`DB_PASSWORD=...`, `--password ...`,
`<password>`). Masking may hide a harmless word; it must not let a secret pass. What is masked
reads `***`, so a reader sees that something was there.
"""

import re
from typing import Any

from opsbot.vocabulary import secret_shapes

MASK = secret_shapes.MASK

_GLUED = r"password|passwd|passphrase|secret|token|api[_.-]?key"
"""What makes a secret's name even without a boundary before it: `PGPASSWORD`."""
_TELLTALE = (
    rf"{_GLUED}|pass(?:code)?|pwd|"
    r"(?:access|private|signing|encryption|fernet|master|account|shared|ssh)[_.-]?key|"
    r"credentials?|auth|bearer|cookie|session[_.-]?id|connection[_.-]?string|dsn"
)
_SECRET_LIKE = re.compile(
    rf"(?:(?:^|[_.\- ])(?:{_TELLTALE})|{_GLUED})(?:$|[_.\- ]|\d)", re.IGNORECASE
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HARMLESS_NAME = re.compile(r"(?:file|path|name|url|uri|ttl|expiry|expires|count|id)$", re.I)

# A name is looked at once, from its start and without going back: a hostile log line must not
# keep the masking busy for minutes.
_NAME = rf"(?<![\w.\-])(?P<name>(?=[\w.\-]*?(?:{_TELLTALE}))[\w.\-]++)"
_QUOTE = r"(?:\\{0,3}[\"'])?"
# What is quoted ends with its quote. What is bare ends with the word: a comma within it belongs to
# it, unless a further name follows (`Password=a,b;User=c`).
_WORD = (
    r"(?:\\+\"[^\"\\\n]*\\+\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|"
    r"[^\s\"',;&}\])\\]+(?:[,;&}\])\\](?![\w.\-]*+[=:])[^\s\"',;&}\])\\]+)*)"
)
# What follows a name may be a name with its value: `hard-coded secret: DB_PASSWORD = "hunter2"`.
_VALUE = rf"(?P<value>{_WORD}(?:[ \t]*[:=]>?[ \t]*{_WORD})?)"
_LEADS = (
    rf"{_QUOTE}{_NAME}{_QUOTE}\s*(?:=>|[:=])\s*",
    # A flag and its value, on a command line or in a list of arguments.
    rf"(?<![\w.\-])(?=-){_NAME}(?:[\"'],\s*|[ \t]+)(?!-)",
    # An environment variable as Kubernetes writes it, in JSON or YAML.
    rf"\bname{_QUOTE}\s*:\s*{_QUOTE}{_NAME}{_QUOTE},?\s*{_QUOTE}value{_QUOTE}\s*:\s*",
    rf"<{_NAME}>",
)
_NAMED = tuple(re.compile(rf"(?P<lead>{lead}){_VALUE}", re.IGNORECASE) for lead in _LEADS)
_NO_SECRETS = frozenset(
    {"", MASK, "null", "none", "undefined", "true", "false", "{", "[", "(", "|", ">", "|-", ">-"}
    | {"valid", "invalid", "expired", "missing", "required", "not_measured"}
)
"""Values that say there is none, how it is, that it is masked already or begins elsewhere."""


def looks_secret(name: str) -> bool:
    """Tell whether a name (variable, key, header) is one that secrets have."""
    words = _CAMEL.sub("_", name)
    return bool(_SECRET_LIKE.search(words)) and not _HARMLESS_NAME.search(words)


def redact(text: str) -> str:
    """Mask every secret in a text."""
    for shape, replacement in secret_shapes.ALL:
        text = shape.sub(replacement, text)
    for named in _NAMED:
        text = named.sub(_mask_named, text)
    return text


def redact_value(value: Any) -> Any:
    """Mask every secret in a JSON value, by its own shape or by the name beside it.

    Environment variables stand in Kubernetes as `{"name": ..., "value": ...}`, arguments as
    `["--password", ...]`; there the name is beside the value, not its key. All that a Kubernetes
    Secret holds is secret.
    """
    match value:
        case str():
            return redact(value)
        case list() | tuple():
            return _masked_list(value)
        case {"name": str() as name, "value": _} if looks_secret(name):
            return {**{key: redact_value(each) for key, each in value.items()}, "value": MASK}
        case {"kind": "Secret"}:
            return {key: _masked_part(key, each) for key, each in value.items()}
        case dict():
            return {key: _masked_entry(key, each) for key, each in value.items()}
        case _:
            return value


def _masked_list(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    """Mask the entries of a list; what stands behind a secret's flag is one."""
    before = ["", *(each if isinstance(each, str) else "" for each in values)]
    return [
        MASK
        if isinstance(each, str) and flag.startswith("-") and "=" not in flag and looks_secret(flag)
        else redact_value(each)
        for flag, each in zip(before, values, strict=False)
    ]


def _masked_part(key: Any, value: Any) -> Any:
    """Mask a part of a Kubernetes Secret."""
    if key in ("data", "stringData") and isinstance(value, dict):
        return dict.fromkeys(value, MASK)
    return _masked_entry(key, value)


def _masked_entry(key: Any, value: Any) -> Any:
    if isinstance(key, str) and looks_secret(key) and isinstance(value, str | int | float | bytes):
        return value if str(value).lower() in _NO_SECRETS else MASK
    return redact_value(value)


def _mask_named(found: re.Match[str]) -> str:
    """Mask the value beside a name, if it is a secret's."""
    value = found["value"]
    if not looks_secret(found["name"]) or value.strip("\\\"'").lower() in _NO_SECRETS:
        return found[0]
    quote = re.match(r"\\*[\"']?", value)
    mark = quote[0] if quote else ""
    return f"{found['lead']}{mark}{MASK}{mark}"
