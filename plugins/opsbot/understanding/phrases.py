"""The lexicon as one table: from words to everything they may mean."""

import functools
from collections.abc import Iterable

from opsbot.understanding.lexicon import (
    actions,
    carriers,
    caution,
    forbidden,
    inflection,
    manner,
    purpose,
)
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Meaning
from opsbot.vocabulary.words import Urgency

Phrase = tuple[str, ...]
Table = dict[Phrase, dict[Kind, Meaning]]

_PLAIN: tuple[tuple[Kind, Iterable[str]], ...] = (
    (Kind.SUPPORT, carriers.SUPPORT),
    (Kind.LOOK, carriers.LOOK),
    (Kind.MOVE, carriers.MOVE),
    (Kind.SIZE, carriers.SIZE),
    (Kind.ROLL, ("roll", "kick", "turn")),
    (Kind.BACK, carriers.BACK),
    (Kind.PARTICLE, carriers.PARTICLES),
    (Kind.WHY, carriers.WHY),
    (Kind.ASKS_STATE, carriers.ASKS_STATE),
    (Kind.STATE, carriers.STATE),
    (Kind.SYMPTOM, carriers.SYMPTOM),
    (Kind.PRIOR, carriers.PRIOR),
    (Kind.MOVING, carriers.MOVING),
    (Kind.EVERYTHING, carriers.EVERYTHING),
    (Kind.VAGUE_NUMBER, carriers.VAGUE_NUMBERS),
    (Kind.TO, carriers.TO),
    (Kind.AT, carriers.AT),
    (Kind.FROM, carriers.FROM),
    (Kind.OF, carriers.OF),
    (Kind.AND, carriers.AND),
    (Kind.BUT, ("but", "only", "just", "yet")),
    (Kind.REASON, carriers.REASON),
    (Kind.REASON, purpose.ENABLING),
    (Kind.ENABLING, purpose.ENABLING),
    (Kind.FILLER, manner.FILLER),
    (Kind.DETERMINER, manner.DETERMINERS),
    (Kind.DEFAULT, manner.DEFAULTS),
    (Kind.PRONOUN, manner.PRONOUNS),
    (Kind.PLATFORM, manner.PLATFORM),
    (Kind.NEGATION, caution.NEGATION),
    (Kind.CLAIM, caution.CLAIMS),
    (Kind.ALTERNATIVE, caution.ALTERNATIVES),
    (Kind.HEDGE, caution.HEDGES),
    (Kind.CORRECTION, caution.CORRECTIONS),
    (Kind.CONDITION, caution.CONDITIONS),
    (Kind.TIME, caution.TIMES),
    (Kind.PAST, caution.PAST),
    (Kind.HOW_TO, caution.HOW_TO),
    (Kind.REPORT, caution.REPORTS),
    (Kind.GATE, forbidden.GATES),
    (Kind.SWITCHED_OFF, forbidden.OFF_WORDS),
    (Kind.WEAKEN, forbidden.WEAKEN),
    (Kind.ORDER, forbidden.ORDERS),
    (Kind.DESTROY, forbidden.DESTROY),
    (Kind.SECRETS, forbidden.SECRETS),
    (Kind.CONFIGURATION, forbidden.CONFIGURATION),
    (Kind.CHANGE, forbidden.CHANGES),
    (Kind.SHELL, forbidden.SHELL),
    (Kind.FOREIGN, forbidden.FOREIGN),
    (Kind.UNSUPPORTED, forbidden.UNSUPPORTED),
    (Kind.OFF_TOPIC, forbidden.OFF_TOPIC),
)

_INFLECTED_DANGERS = (
    (Kind.WEAKEN, forbidden.WEAKEN),
    (Kind.DESTROY, forbidden.DESTROY),
    (Kind.UNSUPPORTED, ("stop", "shut down", "pause", "suspend", "cancel", "abort", "halt")),
)


_CLAIMED = frozenset({"approve"})
"""Whoever says "approved" claims something; whoever says "approve" asks for it."""


@functools.cache
def table() -> Table:
    """Return the whole lexicon."""
    found: Table = {}
    for kind, phrases in _PLAIN:
        for phrase in phrases:
            _add(found, phrase, kind, phrase)
    for kind, phrases in _INFLECTED_DANGERS:
        for phrase in phrases:
            _add(found, inflection.gerund(phrase), kind, phrase)
            if phrase not in _CLAIMED:
                _add(found, inflection.participle(phrase), kind, phrase)
    _add_values(found)
    _add_actions(found)
    return found


def _add_values(found: Table) -> None:
    for phrase, number in carriers.NUMBERS.items():
        _add(found, phrase, Kind.NUMBER, number)
    for name, phrases in actions.OBJECTS.items():
        for phrase in phrases:
            _add(found, phrase, Kind.OBJECT, name)
    for phrase in carriers.ALL_OF_ONE:
        _add(found, phrase, Kind.OBJECT, found[(phrase.split()[-1],)][Kind.OBJECT])
    for urgency, phrases in ((Urgency.HIGH, manner.HASTE), (Urgency.LOW, manner.LEISURE)):
        for phrase in phrases:
            _add(found, phrase, Kind.URGENCY, urgency)


def _add_actions(found: Table) -> None:
    for action, verbs in actions.VERBS.items():
        for verb in verbs:
            _add(found, verb, Kind.VERB, action)
            _add(found, inflection.gerund(verb), Kind.GERUND, action)
            _add(found, inflection.participle(verb), Kind.PARTICIPLE, action)
    for word, action in actions.VERBS_OR_NOUNS.items():
        _add(found, word, Kind.VERB_OR_NOUN, action)
        _add(found, inflection.gerund(word), Kind.GERUND, action)
        _add(found, inflection.participle(word), Kind.PARTICIPLE, action)
    for action, nouns in actions.NOUNS.items():
        for noun in nouns:
            _add(found, noun, Kind.NOUN, action)


def _add(found: Table, phrase: str, kind: Kind, meaning: Meaning) -> None:
    found.setdefault(tuple(phrase.split()), {}).setdefault(kind, meaning)


@functools.cache
def longest() -> int:
    """Return the number of words of the longest phrase."""
    return max(len(phrase) for phrase in table())


@functools.cache
def single_words() -> tuple[str, ...]:
    """Return every word of the lexicon, as candidates for misspelt ones."""
    return tuple({word for phrase in table() for word in phrase if len(word) >= 5})


@functools.cache
def short_actions() -> tuple[str, ...]:
    """Return the short words that name an action, as candidates for misspelt words of four."""
    naming = {Kind.VERB, Kind.VERB_OR_NOUN, Kind.NOUN}
    return tuple(
        phrase[0]
        for phrase, meanings in table().items()
        if len(phrase) == 1 and 4 <= len(phrase[0]) <= 5 and naming & meanings.keys()
    )
