"""What a person may have meant by a word that is not known."""

from collections.abc import Iterable

_CLOSE_ENOUGH = 60


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like another, if one is."""
    # Imported only for an error message: a right configuration need not wait for it.
    from rapidfuzz import process

    found = process.extractOne(word, list(known), score_cutoff=_CLOSE_ENOUGH)
    return str(found[0]) if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say what may have been meant, or what there is."""
    names = list(known)
    if close := closest(word, names):
        return f"Did you mean {close!r}?"
    return f"Known: {', '.join(names)}." if names else "Add it."
