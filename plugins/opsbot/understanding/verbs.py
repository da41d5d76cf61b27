"""Verbs and nouns: which action words a clause has, and in which role.

"Release" and "build" are both. What stands before them decides: after "the" or "run" they are
things, at the beginning they are orders.
"""

from collections.abc import Iterator

from opsbot.understanding import scope
from opsbot.understanding.lexicon import manner
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.scope import Clause
from opsbot.vocabulary.words import Action

_BEFORE_NOUN = (
    Kind.DETERMINER, Kind.PRIOR, Kind.MOVING, Kind.NOUN, Kind.APPLICATION, Kind.ENVIRONMENT,
    Kind.OBJECT, Kind.PLATFORM, Kind.OF, Kind.TO, Kind.AT, Kind.SUPPORT, Kind.LOOK, Kind.DEFAULT,
    Kind.VERSION, Kind.FROM, Kind.ASKS_STATE, Kind.VERB, Kind.VERB_OR_NOUN,
)  # fmt: skip
_GERUND_CARRIERS = frozenset(
    {
        "would you mind",
        "start",
        "begin",
        "go ahead with",
        "proceed with",
        "do",
        "mind",
        "get going with",
        "commence",
        "start with",
        "go ahead",
    }
)


def asked(clause: Clause) -> set[Action]:
    """Return the actions that the verbs of a clause ask for."""
    found = set(imperatives(clause, absorbing=False))
    for n, mention in enumerate(clause):
        if (action := mention.action(Kind.PARTICIPLE)) and not mention.may_be(Kind.VERB):
            words = {word for each in clause[:n] for word in each.text.split()}
            if words & manner.PASSIVE_SUPPORT and not scope.asks_state(clause):
                found.add(action)
        if (action := mention.action(Kind.GERUND)) and not mention.may_be(Kind.NOUN):
            before = {each.text for each in clause[:n]}
            if before & _GERUND_CARRIERS:
                found.add(action)
    return found


def imperatives(clause: Clause, *, absorbing: bool) -> Iterator[Action]:
    """Yield the actions of verbs in their base form; `absorbing` leaves out symptoms."""
    for n, mention in enumerate(clause):
        if absorbing and mention.may_be(Kind.SYMPTOM, Kind.STATE):
            continue
        if _tells(clause, n) or _launches(clause, n):
            continue
        if (action := mention.action(Kind.VERB)) and not _is_noun(clause, n):
            yield action
        elif mention.may_be(Kind.VERB_OR_NOUN) and not _is_noun(clause, n):
            action = mention.action(Kind.VERB_OR_NOUN)
            if action:
                yield action


def _launches(clause: Clause, n: int) -> bool:
    """Tell whether "launch" only carries a noun: "launch the unit tests"."""
    return clause[n].text == "launch" and any(
        action is not Action.DEPLOY for action in nouns(clause[n + 1 :])
    )


def _tells(clause: Clause, n: int) -> bool:
    """Tell whether a verb has a subject: "its pods restart all the time", "why does it restart"."""
    subject = n > 0 and clause[n - 1].may_be(
        Kind.APPLICATION, Kind.DEFAULT, Kind.PRONOUN, Kind.OBJECT
    )
    asks_why = any(each.may_be(Kind.WHY) for each in clause[:n])
    auxiliary = any(each.text in {"does", "do", "did"} for each in clause[:n])
    often = any(each.text in manner.FREQUENCY for each in clause[n + 1 : n + 2])
    return subject and (often or (asks_why and auxiliary))


def _is_noun(clause: Clause, n: int) -> bool:
    """Tell whether a word that can be verb or noun is a noun at its place."""
    mention = clause[n]
    if is_relative(clause, n):
        return True
    after = clause[n + 1] if n + 1 < len(clause) else None
    if mention.may_be(Kind.VERB_OR_NOUN) and after and after.may_be(Kind.OF):
        return True
    position = n - 1
    phrase = mention.may_be(Kind.VERB) and " " in mention.text
    while position >= 0 and clause[position].may_be(Kind.QUOTE, Kind.URGENCY):
        position -= 1
    if position < 0 or (phrase and not _makes_noun(clause, n - 1)):
        return False
    before = clause[position]
    if mention.may_be(Kind.VERB):
        return _makes_noun(clause, position)
    if before.may_be(Kind.FILLER) and not before.may_be(Kind.DETERMINER, Kind.SUPPORT):
        return False
    return before.may_be(*_BEFORE_NOUN)


def is_relative(clause: Clause, n: int) -> bool:
    """Tell whether "what is running in staging" is the object of a verb before it."""
    return clause[n].text.startswith("what ") and any(
        each.may_be(Kind.MOVE) or each.action(Kind.VERB) in (Action.PROMOTE, Action.DEPLOY)
        for each in clause[:n]
    )


def _makes_noun(clause: Clause, n: int) -> bool:
    return (
        n >= 0
        and clause[n].may_be(
            Kind.DETERMINER, Kind.SUPPORT, Kind.PRIOR, Kind.OF, Kind.APPLICATION, Kind.ENVIRONMENT
        )
        and (not clause[n].may_be(Kind.FILLER) or clause[n].may_be(Kind.DETERMINER, Kind.SUPPORT))
    )


def nouns(clause: Clause) -> list[Action]:
    """Return the actions named as things, in their order."""
    found = []
    for n, mention in enumerate(clause):
        action = mention.action(Kind.NOUN)
        if is_relative(clause, n):
            continue
        if action is None and mention.may_be(Kind.VERB_OR_NOUN, Kind.VERB) and _is_noun(clause, n):
            action = mention.action(Kind.VERB_OR_NOUN, Kind.VERB)
        if action:
            found.append(action)
    return found
