"""Clauses that only tell something: why a command is given, how things are, who sends it.

"Restart payments in prod, customers are complaining" asks for a restart; its second clause asks
for nothing, so its words need no explanation. A clause counts as a remark only by its shape (a
subject and a verb that tells, or a word such as "because") and only if nothing in it could change
what is done: no action, no name, no parameter, no doubt, no danger.
"""

import itertools
from collections.abc import Sequence

from opsbot.understanding.lexicon import carriers
from opsbot.understanding.lexicon.kinds import OPEN_QUESTIONS, Kind
from opsbot.understanding.scope import ACTION_KINDS, Clause, Scoped
from opsbot.vocabulary.words import Action

_NAMED = (
    Kind.APPLICATION, Kind.ENVIRONMENT, Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.REVISION,
    Kind.BACKUP, Kind.REPLICAS, Kind.BROKEN,
)  # fmt: skip
_LOOKING_ON = (Action.TEST, Action.STATUS, Action.DIAGNOSE, Action.SCAN)
_CHANGES_WHAT_IS_DONE = (
    *ACTION_KINDS, *(OPEN_QUESTIONS - {Kind.PAST, Kind.TIME}), *_NAMED, Kind.NEGATION, Kind.CLAIM,
    Kind.GATE, Kind.SWITCHED_OFF, Kind.PRIOR, Kind.MOVING, Kind.PLATFORM, Kind.EVERYTHING,
    Kind.OPEN, Kind.QUOTE, Kind.WHY,
)  # fmt: skip
_OUTSIDE_A_REASON = (Kind.PAST, Kind.TIME, Kind.NUMBER)
_BE = frozenset(("is", "are", "they are", "it is", "this is", "we are", "i am"))
_OF_THE_COMMAND = frozenset(("it is", "this is", "we are", "i am"))
"""What follows may be said of the command itself ("we are only pretending"): less is let pass."""
_DEGREES = frozenset(("too", "very", "so", "really", "extremely", "quite", "pretty"))
_HAVE = frozenset(("has", "have", "we have", "there is", "keeps", "keep"))
_NAMING = frozenset(
    ("also", "as well", "named", "called", "name", "environment", "env", "cluster",
     "namespace", "server", "system", "stage of", "instance of")
)  # fmt: skip
_NAMING_OBJECTS = frozenset(("service", "version", "branch", "image"))


def of(scoped: Scoped) -> frozenset[int]:
    """Return the places of the clauses that are remarks.

    Without a clause beside them that names its application, a word nobody knows may be the one
    that is meant: "inventory is broken, restart the app" must not restart another application.
    """
    people = {n for n in range(len(scoped.asked)) if _names_a_person(scoped.asked, n)}
    remarks = {n for n, clause in enumerate(scoped.asked) if is_remark(clause)} | people
    rest = [clause for n, clause in enumerate(scoped.asked) if n not in remarks]
    if any(each.may_be(Kind.APPLICATION) for clause in rest for each in clause):
        return frozenset(remarks)
    if not any(each.may_be(Kind.DEFAULT) for clause in rest for each in clause):
        people = set()
    unknown = {n for n in remarks if any(each.may_be(Kind.UNKNOWN) for each in scoped.asked[n])}
    return frozenset(remarks - unknown | people)


def _names_a_person(clauses: Sequence[Clause], n: int) -> bool:
    """Tell whether a clause is a salutation, or the name under a command after thanks."""
    greets = not n and clauses[0][0].text in _GREETINGS
    signs = n == len(clauses) - 1 and _thanks(clauses[n - 1] if n else ())
    words = clauses[n][1:] if greets else clauses[n]
    named = all(each.may_be(Kind.UNKNOWN) and each.text.isalpha() for each in words)
    return bool(words) and len(words) < 3 and named and len(clauses) > 1 and (greets or signs)


def _thanks(clause: Clause) -> bool:
    return any(set(each.text.split()) & _THANKS for each in clause)


_GREETINGS = frozenset(("hi", "hello", "hey", "dear", "morning", "good morning", "good afternoon"))
_THANKS = frozenset(("thanks", "thank", "thx", "cheers", "regards", "wishes", "sincerely", "ta"))


def is_remark(clause: Clause) -> bool:
    """Tell whether a clause only tells something."""
    explains = clause[0].may_be(Kind.REASON)
    if clause[0].may_be(Kind.ENABLING):
        return _enables(clause)
    blocked = _CHANGES_WHAT_IS_DONE if explains else (*_CHANGES_WHAT_IS_DONE, *_OUTSIDE_A_REASON)
    if any(each.may_be(*blocked) for each in clause) or _may_name(clause):
        return False
    return explains or _tells(clause)


def _enables(clause: Clause) -> bool:
    """Tell whether a clause says what people can do then, and that is no more than to look."""
    acting = {each.action(*ACTION_KINDS) for each in clause} - {None, *_LOOKING_ON}
    doubts = OPEN_QUESTIONS - {Kind.TIME}
    changing = (*_NAMED, *doubts, Kind.NEGATION, Kind.CLAIM, Kind.SWITCHED_OFF, Kind.SIZE)
    return not acting and not any(each.may_be(*changing) for each in clause[1:])


def _tells(clause: Clause) -> bool:
    """Tell whether a clause has a subject and, after it, a verb that tells."""
    if clause[0].may_be(Kind.MOVE, Kind.SIZE, Kind.LOOK, Kind.SUPPORT, Kind.ASKS_STATE):
        return False
    if any(each.text in carriers.PEOPLE for each in clause[:2]):
        return len(clause) > 1
    for n, mention in enumerate(clause):
        if mention.text in _BE:
            return _is_state(clause[n + 1 :], of_command=mention.text in _OF_THE_COMMAND)
        if mention.text in _HAVE:
            return n + 1 < len(clause)
    return False


def _is_state(words: Clause, *, of_command: bool) -> bool:
    """Tell whether words say how something is: by -ing, by a degree, or by a known trouble."""
    if any(each.may_be(Kind.SYMPTOM, Kind.STATE) for each in words):
        return True
    happens = any(each.may_be(Kind.UNKNOWN) and each.text.endswith("ing") for each in words)
    degree = any(each.text in _DEGREES for each in words[:1]) and len(words) > 1
    return (happens or degree) and not of_command


def _may_name(clause: Clause) -> bool:
    """Tell whether a clause may name something: after "to" or "and", or as "the version is"."""
    joined = any(
        before.may_be(Kind.TO, Kind.FROM, Kind.AND) and word.may_be(Kind.UNKNOWN)
        for before, word in itertools.pairwise(clause)
    )
    return (
        joined
        or clause[-1].text == "too"
        or any(
            each.text in _NAMING or each.meanings.get(Kind.OBJECT) in _NAMING_OBJECTS
            for each in clause
        )
    )
