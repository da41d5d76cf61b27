"""What one tool can be read as.

Most tools do one thing and have one reading: the words of their names. A multiplexer has one for
each value that its schema lists for the argument that chooses: `kubectl_rollout` with `subCommand`
`undo` reads as rollout undo. A chooser that must be given and whose values are not listed has none:
what it takes would be guessed.
"""

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import NamedTuple

from opsbot.capabilities.matching.general import ACTION, ANYTHING, KIND, MANAGING
from opsbot.capabilities.matching.inputs import Input, Inputs
from opsbot.capabilities.matching.words import Word, words_of

_MOST_READINGS = 100
"""A tool of more is no multiplexer, and would keep the matching busy."""


class Reading(NamedTuple):
    """One thing that a tool can be read to do."""

    words: tuple[Word, ...]
    chosen: frozenset[str] = frozenset()
    """Names of the inputs whose values make it this reading."""


def readings_of(
    name: tuple[Word, ...], inputs: Inputs, known: frozenset[str] = frozenset()
) -> Iterator[Reading]:
    """Return all that a tool can be read as; `name`: the words of its name."""
    choosers = [each for each in inputs.inputs if _chooses(each)]
    if prod(len(_options(each)) for each in choosers) > _MOST_READINGS:
        return
    for values in product(*(_options(each) for each in choosers)):
        chosen = [(each, value) for each, value in zip(choosers, values, strict=True) if value]
        yield _reading(name, chosen, known)


def is_action(words: frozenset[str]) -> bool:
    """Tell whether an input of that name says what to do."""
    return bool(words & ACTION) and words <= ACTION | MANAGING | {"type", "name", "sub"}


def is_kind(words: frozenset[str]) -> bool:
    """Tell whether an input of that name says to what kind of object."""
    return bool(words) and words <= KIND


def _chooses(each: Input) -> bool:
    chooser = is_action(each.words) or is_kind(each.words)
    return chooser and each.scalar and bool(each.values)


def _options(each: Input) -> tuple[str | None, ...]:
    return (None, *each.values)


def _reading(
    name: tuple[Word, ...], chosen: list[tuple[Input, str]], known: frozenset[str]
) -> Reading:
    words = name
    if any(is_kind(each.words) for each, _ in chosen):
        words = tuple(word for word in words if word.text not in ANYTHING)
    if any(is_action(each.words) for each, _ in chosen):
        # The name is that of an area then: `projects` with `action` `create` makes one.
        words = tuple(Word(word.text, plural=False) for word in words if word.text not in MANAGING)
    return Reading(
        words=(*words, *(word for _, value in chosen for word in words_of(value, known))),
        chosen=frozenset(each.name for each, _ in chosen),
    )
