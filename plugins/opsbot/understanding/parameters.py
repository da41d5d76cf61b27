"""Versions, branches, commits, revisions, backups and replica counts, by strict patterns.

A parameter ends up in a build job, an image tag or an API call, so its form is decided here, at
the door: what is no git reference or version is never passed on, however clearly it was announced.
"""

import re
from collections.abc import Sequence

from opsbot.understanding import phrases
from opsbot.understanding.lexicon import carriers, references
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Meaning, Mention
from opsbot.understanding.tokens import Token
from opsbot.vocabulary import backup_name

_VERSION = re.compile(
    r"v?\d+(?:\.\d+){1,3}(?:[-+_.]?[A-Za-z][0-9A-Za-z]*(?:[-+._][0-9A-Za-z]+)*)?"
    r"|v\d+|v?\d+(?:\.\d+){1,3}-\d[\w.-]*",
    re.I,
)
_TAG = re.compile(r"(?=[\w.-]*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RANGE = re.compile(r"v?\d+(?:\.\d+)*\.[x*]|[~^]?\d.*\+|[><=]+\d.*|.*-snapshot|.*[-.]latest", re.I)
_COMMIT = re.compile(r"[0-9a-f]{7,40}", re.I)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_INTEGER = re.compile(r"-?\d{1,9}")
_VERSION_MARKERS = frozenset({"version", "ver", "tag", "release", "tagged", "v"})
_COMMIT_MARKERS = frozenset({"commit", "sha", "hash", "changeset", "sha1"})
_REVISION_MARKERS = frozenset({"revision", "rev", "generation"})
_BACKUP_MARKERS = frozenset({"backup", "archive", "snapshot"})
_BETWEEN = frozenset({"named", "called", "number", "no", "nr", "hash", "id", "sha", "is", "name"})


def is_reference(text: str) -> bool:
    """Tell whether git and every shell take the text as a plain reference."""
    parts = text.split("/")
    return (
        _REFERENCE.fullmatch(text) is not None
        and ".." not in text
        and not text.endswith((".lock", "/", "."))
        and all(part and not part.startswith(".") for part in parts)
    )


def at(tokens: Sequence[Token], start: int) -> Mention | None:
    """Return the parameter that begins at a token, if one does."""
    for recognise in (_backup, _announced, _replicas, _itself):
        if found := recognise(tokens, start):
            return found
    return None


def _backup(tokens: Sequence[Token], start: int) -> Mention | None:
    """Recognise the name of a backup, announced by that word or alone: no other word is like it."""
    position = _value_position(tokens, start) if tokens[start].word in _BACKUP_MARKERS else start
    if position is None or not backup_name.is_said(tokens[position].text):
        return None
    text = tokens[position].text
    return _mention(text, Kind.BACKUP, text, start, position)


def _announced(tokens: Sequence[Token], start: int) -> Mention | None:
    """Recognise a value after the word that announces it."""
    marker = tokens[start].word
    position = _value_position(tokens, start)
    if position is None:
        return None
    text = tokens[position].text
    if marker in _VERSION_MARKERS:
        return _version(marker, text, start, position)
    if marker == "branch":
        return _branch(text, start, position)
    if marker in _COMMIT_MARKERS:
        return _commit(text, start, position)
    if marker in _REVISION_MARKERS:
        return _revision(text, start, position)
    return None


def _value_position(tokens: Sequence[Token], start: int) -> int | None:
    """Return where the value after an announcing word stands."""
    position = start + 1
    while position < len(tokens) and (
        (tokens[position].mark and tokens[position].text in {'"', "'", ":"})
        or tokens[position].word in _BETWEEN
    ):
        position += 1
    if position >= len(tokens) or tokens[position].mark:
        return None
    return position


def _version(marker: str, text: str, start: int, position: int) -> Mention | None:
    if _RANGE.fullmatch(text):
        return _mention(text, Kind.BROKEN, "version", start, position)
    if _VERSION.fullmatch(text) or (marker in {"version", "ver"} and _INTEGER.fullmatch(text)):
        # "release 1.8.0 to staging": the first word may be the verb, the version stands alone.
        return None if marker == "release" else _mention(text, Kind.VERSION, text, start, position)
    if marker in {"version", "tag", "ver"} and _TAG.fullmatch(text):
        return _mention(text, Kind.VERSION, text, start, position)
    return None


def _branch(text: str, start: int, position: int) -> Mention | None:
    if (text.lower(),) in phrases.table() and text.lower() not in carriers.BRANCHES:
        return (
            None
            if text.lower() in references.AFTER_A_BARE_BRANCH
            else _known_word(text, start, position)
        )
    kind, value = (Kind.BRANCH, text) if is_reference(text) else (Kind.BROKEN, "branch")
    return _mention(text, kind, value, start, position)


def _known_word(text: str, start: int, position: int) -> Mention | None:
    return _mention(text, Kind.BRANCH, text, start, position) if is_reference(text) else None


def _commit(text: str, start: int, position: int) -> Mention | None:
    if _COMMIT.fullmatch(text):
        return _mention(text, Kind.COMMIT, text, start, position)
    if any(each.isdigit() for each in text):
        return _mention(text, Kind.BROKEN, "commit", start, position)
    return None


def _revision(text: str, start: int, position: int) -> Mention | None:
    number = text.removeprefix("#")
    if number.isdigit() and len(number) < 7:
        return _mention(text, Kind.REVISION, int(number), start, position)
    if _COMMIT.fullmatch(text):
        return _mention(text, Kind.COMMIT, text, start, position)
    return None


def _replicas(tokens: Sequence[Token], start: int) -> Mention | None:
    """Recognise a number of pods: `3 replicas`, `replicas: 3`, `minus two`."""
    if found := _number(tokens, start):
        value, end = found
        while end < len(tokens) and tokens[end].word in {"running", "new", "total", "identical"}:
            end += 1
        if end < len(tokens) and tokens[end].word in carriers.REPLICA_WORDS:
            text = " ".join(each.text for each in tokens[start : end + 1])
            return _counted(value, text, start, end + 1)
        text = " ".join(each.text for each in tokens[start:end])
        return Mention(text, {Kind.NUMBER: value}, start, end)
    if tokens[start].word in carriers.REPLICA_WORDS | {"count"}:
        return _counted_after(tokens, start)
    return None


def _counted_after(tokens: Sequence[Token], start: int) -> Mention | None:
    position = start + 1
    joining = {"to", "=", "at", ":", "count", "number", "are", "is", "be"}
    while position < len(tokens) and tokens[position].text.lower() in joining:
        position += 1
    if position == start + 1 and tokens[start].word != "replicas":
        return None
    if position < len(tokens) and (found := _number(tokens, position)):
        value, end = found
        text = " ".join(each.text for each in tokens[start:end])
        return _counted(value, text, start, end)
    return None


def _counted(value: Meaning, text: str, start: int, end: int) -> Mention:
    if isinstance(value, int):
        return Mention(text, {Kind.REPLICAS: value}, start, end)
    return Mention(text, {Kind.BROKEN: "replicas"}, start, end)


def _number(tokens: Sequence[Token], start: int) -> tuple[Meaning, int] | None:
    """Return the value of a number and where it ends; a fraction or a minus has value None."""
    word = tokens[start].word
    if word in {"minus", "negative", "-"} and start + 1 < len(tokens):
        return (None, start + 2) if _number(tokens, start + 1) else None
    if _INTEGER.fullmatch(word):
        return (int(word) if not word.startswith("-") else None), start + 1
    if re.fullmatch(r"-?\d+(\.\d+|,\d+|%|x|/\d+)|\+\d+|x\d+|\d+e\d+|\d{10,}", word):
        followed = start + 1 < len(tokens) and tokens[start + 1].word in carriers.REPLICA_WORDS
        return (None, start + 1) if followed or not _VERSION.fullmatch(word) else None
    return _spelt(tokens, start)


def _spelt(tokens: Sequence[Token], start: int) -> tuple[Meaning, int] | None:
    for length in (3, 2, 1):
        words = " ".join(each.word for each in tokens[start : start + length])
        if words in carriers.NUMBERS and len(tokens) >= start + length:
            end = start + length
            after = " ".join(each.word for each in tokens[end : end + 3])
            if re.match(r"and a half|point |hundred|thousand|million", after):
                return None, min(end + 3, len(tokens))
            return carriers.NUMBERS[words], end
    return None


def _itself(tokens: Sequence[Token], start: int) -> Mention | None:
    """Recognise a value that needs no announcement."""
    text = tokens[start].text
    if found := _before_its_word(tokens, start):
        return found
    if _RANGE.fullmatch(text):
        return _mention(text, Kind.BROKEN, "version", start, start)
    if _VERSION.fullmatch(text):
        return _mention(text, Kind.VERSION, text, start, start)
    if _COMMIT.fullmatch(text) and re.search(r"\d", text) and re.search(r"[a-f]", text, re.I):
        return _mention(text, Kind.COMMIT, text, start, start)
    return _bare_branch(text, start)


def _before_its_word(tokens: Sequence[Token], start: int) -> Mention | None:
    """Recognise "the develop branch", where the announcing word comes last."""
    text = tokens[start].text
    if start + 1 == len(tokens) or tokens[start + 1].word != "branch" or not is_reference(text):
        return None
    ordinary = (text.lower(),) in phrases.table() and text.lower() not in carriers.BRANCHES
    following = tokens[start + 2] if start + 2 < len(tokens) else None
    if following and (following.word in carriers.BRANCHES or "/" in following.text):
        return None  # "payments-api branch develop": the name comes after the word
    return None if ordinary else _mention(text, Kind.BRANCH, text, start, start + 1)


def _bare_branch(text: str, start: int) -> Mention | None:
    folder, slash, _ = text.partition("/")
    if slash and folder.lower() in references.BRANCH_FOLDERS:
        kind, value = (Kind.BRANCH, text) if is_reference(text) else (Kind.BROKEN, "branch")
        return _mention(text, kind, value, start, start)
    if text.lower() in carriers.BRANCHES:
        return _mention(text, Kind.BRANCH, text, start, start)
    return None


def _mention(text: str, kind: Kind, value: Meaning, start: int, position: int) -> Mention:
    return Mention(text, {kind: value}, start, position + 1)
