"""What one tool can be read as.

Most tools do one thing and have one reading: the words of their names. A multiplexer has one for
each value that its schema lists for the argument that chooses: `kubectl_rollout` with `subCommand`
`undo` reads as rollout undo. A chooser whose values are not listed has none: what it takes would be
guessed. Where the schema leaves the list to the argument's documentation, those values are read
too, but then the thing itself must stand in the tool's name.
"""

from collections.abc import Collection, Iterator
from itertools import product
from typing import NamedTuple

from opsbot.capabilities.matching.general import ACTION, KIND, MANAGING
from opsbot.capabilities.matching.inputs import Input, Inputs
from opsbot.capabilities.matching.words import Word, words_of

_MOST_VALUES = 200
"""A chooser of more is no list of actions."""


class Reading(NamedTuple):
    """One thing that a tool can be read to do."""

    words: tuple[Word, ...]
    chosen: frozenset[str] = frozenset()
    """Names of the inputs whose values make it this reading."""
    told: tuple[Word, ...] = ()
    """Words that stand in the documentation of an argument alone."""


def readings_of(
    name: tuple[Word, ...], inputs: Inputs, known: Collection[str] = ()
) -> Iterator[Reading]:
    """Return all that a tool can be read as; `name`: the words of its name."""
    choosers = [each for each in inputs.inputs if _chooses(each)]
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
    if not each.scalar:
        return False
    listed = each.values if is_kind(each.words) else each.values or each.told_values
    chooser = is_action(each.words) or is_kind(each.words)
    return chooser and 0 < len(listed) <= _MOST_VALUES


def _options(each: Input) -> tuple[str | None, ...]:
    listed = each.values or each.told_values
    return listed if each.required else (None, *listed)


def _reading(
    name: tuple[Word, ...], chosen: list[tuple[Input, str]], known: Collection[str]
) -> Reading:
    words = name
    if any(is_action(each.words) for each, _ in chosen):
        words = tuple(word for word in name if word.text not in MANAGING)
    listed = [word for each, value in chosen if each.values for word in words_of(value, known)]
    told = [word for each, value in chosen if not each.values for word in words_of(value, known)]
    return Reading(
        words=(*words, *listed),
        chosen=frozenset(each.name for each, _ in chosen),
        told=tuple(told),
    )
