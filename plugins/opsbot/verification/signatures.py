"""Signatures: what programs write when they die of a known cause.

A signature is a pattern with a category, kept as data so that a team can add those of its own
programs. Programs write much before they die, and often of troubles that they survive; what they
die of is what they write last. So of all that matches, the last match is the finding.

A log is data: it is compared with patterns and quoted, and nothing that it says is done.
"""

import re
from collections.abc import Iterable, Sequence

from pydantic import Field, field_validator

from opsbot.vocabulary.failures import Category
from opsbot.vocabulary.model import Value

LONGEST_TEXT = 200_000
"""Characters of a log's end that are looked at."""
LONGEST_LINE = 2_000
ENTITY = "entity"
"""The named group of a pattern that is the thing to look at or to change."""


class Signature(Value):
    """One way of writing that something was fatal."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    category: Category
    pattern: str = Field(max_length=500)
    """A regular expression, searched line by line; its group `entity` is what lacks or is wrong."""
    lasting: bool = False
    """Whether the image alone decides it, so that no waiting heals it."""

    @field_validator("pattern")
    @classmethod
    def _is_a_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as problem:
            raise ValueError(f"it is no regular expression: {problem}") from None
        return pattern


class Finding(Value):
    """What a log says a program died of."""

    signature: str
    category: Category
    entity: str
    line: str
    """The line as it was written."""
    number: int
    """Which line of the text it is, from 0."""
    lasting: bool


def find(text: str, signatures: Sequence[Signature]) -> Finding | None:
    """Return the last finding of a log; of two on one line, the one that is listed first."""
    lines = text[-LONGEST_TEXT:].splitlines()
    for number in range(len(lines) - 1, -1, -1):
        found = _of_line(lines[number], number, signatures)
        if found is not None:
            return found
    return None


def find_all(text: str, signatures: Sequence[Signature]) -> tuple[Finding, ...]:
    """Return the findings of a log, at most one a line, in the order of the lines."""
    lines = text[-LONGEST_TEXT:].splitlines()
    found = (_of_line(line, number, signatures) for number, line in enumerate(lines))
    return tuple(each for each in found if each is not None)


def _of_line(line: str, number: int, signatures: Iterable[Signature]) -> Finding | None:
    if not line.strip():
        return None
    for each in signatures:
        match = re.search(each.pattern, line[:LONGEST_LINE])
        if match:
            return Finding(
                signature=each.id,
                category=each.category,
                entity=_entity(match),
                line=line,
                number=number,
                lasting=each.lasting,
            )
    return None


def _entity(match: re.Match[str]) -> str:
    """Return what the pattern found, without the punctuation of the sentence it stood in."""
    return str(match.groupdict().get(ENTITY) or "").strip().rstrip(".,;:")
