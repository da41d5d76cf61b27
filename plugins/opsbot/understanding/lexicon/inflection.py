"""Gerunds and participles of English verbs, as far as commands need them."""

_DOUBLING = frozenset({"ship", "get", "put", "scan", "run", "set", "stop", "skip", "bump", "drop"})
_NOT_DOUBLING = frozenset({"bump"})
_IRREGULAR = {
    "send": "sent",
    "put": "put",
    "bring": "brought",
    "take": "took",
    "go": "went",
    "get": "got",
    "undo": "undone",
    "rewind": "rewound",
    "fall": "fell",
    "build": "built",
    "run": "ran",
    "rebuild": "rebuilt",
    "find": "found",
    "give": "given",
    "set": "set",
    "make": "made",
}


def gerund(phrase: str) -> str:
    """Return the phrase with its first word in the -ing form."""
    word, _, rest = phrase.partition(" ")
    return f"{_with(word, 'ing')} {rest}".rstrip()


def participle(phrase: str) -> str:
    """Return the phrase with its first word in the past form."""
    word, _, rest = phrase.partition(" ")
    return f"{_IRREGULAR.get(word) or _with(word, 'ed')} {rest}".rstrip()


def bases(gerund_form: str) -> tuple[str, ...]:
    """Return the verbs that a word in the -ing form may come from: `putting` from `put`."""
    stem = gerund_form.removesuffix("ing")
    undoubled = stem[:-1] if stem[-2:-1] == stem[-1:] else stem
    return tuple(dict.fromkeys((stem, f"{stem}e", undoubled)))


def _with(word: str, ending: str) -> str:
    if word in _DOUBLING - _NOT_DOUBLING:
        return f"{word}{word[-1]}{ending}"
    if word.endswith("e") and not word.endswith("ee"):
        return f"{word[:-1]}{ending}"
    if word.endswith("y") and ending == "ed" and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ied"
    return f"{word}{ending}"
