"""The words of a name: `getBuildLogs`, `get-build-log`, `jenkins.build.logs`.

Whoever writes a tool chooses the spelling, not the vocabulary: split at humps and signs, the same
few words come back. A plural is kept apart from its singular, since `get_job` and `get_jobs` are
two tools.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")
_NO_PLURALS = frozenset({"kubernetes", "k8s", "jenkins", "status", "analysis", "https"})
_PHRASES: dict[tuple[str, ...], str] = {
    ("roll", "back"): "rollback",
    ("roll", "out"): "rollout",
    ("create", "or", "update"): "upsert",
    ("create", "update"): "upsert",
    ("update", "or", "create"): "upsert",
    ("set", "up"): "setup",
    ("sub", "command"): "subcommand",
    ("k", "8", "s"): "k8s",
    ("sonar", "qube"): "sonarqube",
    ("sonar", "cloud"): "sonarcloud",
}
"""Words that belong together, as one."""


_SAME = {
    "queued": "queue",
    "repo": "repository",
    "repos": "repository",
    "svc": "service",
    "svcs": "service",
    "ns": "namespace",
    "param": "parameter",
    "params": "parameter",
    "arg": "argument",
    "args": "argument",
    "env": "environment",
    "org": "organization",
    "organisation": "organization",
    "information": "info",
    "analyse": "analyze",
    "duplicated": "duplication",
    "duplicate": "duplication",
    "num": "number",
}
"""Spellings of one word."""
_IDENTIFYING = frozenset({"id", "name", "number", "key", "path", "fullname", "label", "uid"})
"""What a thing is found by: `get_build_by_number` gets a build."""


_LONGEST_NAME = 200
_LONGEST_WORD = 40
"""Letters; what is longer is not taken apart."""


class Word(NamedTuple):
    """One word of a name, in the singular."""

    text: str
    plural: bool


def one_by_one(words: str) -> frozenset[str]:
    """Return the words of a line of a table."""
    return frozenset(words.split())


def words_of(name: str, known: frozenset[str] = frozenset()) -> tuple[Word, ...]:
    """Split a name into its words; `known` words are found in `alllowercase` too."""
    if len(name) > _LONGEST_NAME:
        return (Word(name, plural=False),)
    parts = [part for raw in _PART.findall(name) for part in _unglued(raw.lower(), known)]
    words = [_word(part) for part in _joined(parts)]
    return tuple(
        word
        for before, word in zip([None, *words], words, strict=False)
        if not (before and before.text == "by" and word.text in _IDENTIFYING)
    )


def texts(words: Sequence[Word]) -> frozenset[str]:
    """Return the words alone."""
    return frozenset(word.text for word in words)


@lru_cache(maxsize=4096)
def _word(part: str) -> Word:
    singular = _singular(part)
    return Word(_SAME.get(part) or _SAME.get(singular, singular), singular != part)


def _singular(part: str) -> str:
    if len(part) < 4 or part in _NO_PLURALS or part.endswith(("ss", "us", "is")):
        return part
    if part.endswith("ies"):
        return part.removesuffix("ies") + "y"
    if part.endswith(("ches", "shes", "sses", "xes", "uses")):
        return part.removesuffix("es")
    return part.removesuffix("s")


def _joined(parts: list[str]) -> list[str]:
    joined: list[str] = []
    rest = parts
    while rest:
        phrase = next((each for each in _PHRASES if tuple(rest[: len(each)]) == each), None)
        joined.append(_PHRASES[phrase] if phrase else rest[0])
        rest = rest[len(phrase) if phrase else 1 :]
    return joined


@lru_cache(maxsize=4096)
def _unglued(part: str, known: frozenset[str]) -> tuple[str, ...]:
    """Split `listpods` where all that it is made of are known words of three letters or more."""
    found = _split(part, known) if len(part) <= _LONGEST_WORD else []
    return tuple(found) or (part,)


def _split(part: str, known: frozenset[str]) -> list[str]:
    if part in known or _singular(part) in known:
        return [part]
    for cut in range(len(part) - 3, 2, -1):
        if part[:cut] in known and (rest := _split(part[cut:], known)):
            return [part[:cut], *rest]
    return []
