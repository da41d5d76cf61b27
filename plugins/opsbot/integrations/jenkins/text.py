"""Words from Jenkins, made fit to be shown: bounded, without control characters, secrets masked.

A log is cut into pieces, and a private key can be cut in two: what stands before its end is masked
as well.
"""

import re
from datetime import UTC, datetime

from opsbot.vocabulary.redaction import MASK, looks_secret, redact

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
LONGEST = 500
KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")
KEY_ENDS = re.compile(r"-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----")


def one_line(words: object, longest: int = LONGEST) -> str:
    """Return words from outside as one bounded line; None is no words."""
    plain = " ".join(CONTROL.sub("", str(words if words is not None else "")).split())
    return redact(plain)[:longest]


def of_log(text: str) -> str:
    """Return a piece of a log, masked."""
    text = CONTROL.sub("", text.replace("\r\n", "\n"))
    ending = KEY_ENDS.search(text)
    if ending and not KEY_BEGINS.search(text, 0, ending.start()):
        text = MASK + text[ending.end() :]
    return redact(text)


def values(parameters: dict[str, str]) -> dict[str, str]:
    """Return a build's parameters without secrets."""
    return {
        one_line(name): MASK if looks_secret(name) and value else one_line(value)
        for name, value in parameters.items()
    }


def moment(milliseconds: float) -> str:
    """Return a moment as RFC 3339, from milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
