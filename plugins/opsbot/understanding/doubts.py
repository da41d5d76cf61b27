"""What keeps a command from being sure: words nobody explained, and words that leave it open."""

from collections.abc import Iterator
from dataclasses import dataclass

from opsbot.understanding import places, remarks, telling
from opsbot.understanding.lexicon.kinds import OPEN_QUESTIONS, Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import ACTION_KINDS, Clause, Scoped
from opsbot.vocabulary.words import ENVIRONMENT_ACTIONS, Action

_NEEDS_EXPLANATION = (
    Kind.UNKNOWN, Kind.GATE, Kind.CONFIGURATION, Kind.NUMBER, Kind.VAGUE_NUMBER, Kind.CHANGE,
    Kind.SWITCHED_OFF, Kind.SYMPTOM, Kind.NEGATION, Kind.STATE,
)  # fmt: skip
_TOLERATED = {
    Action.DIAGNOSE: (
        Kind.PAST, Kind.CONDITION, Kind.TIME, Kind.SYMPTOM, Kind.NEGATION, Kind.CONFIGURATION,
        Kind.SWITCHED_OFF, Kind.CHANGE, Kind.NUMBER, Kind.VAGUE_NUMBER, Kind.GATE,
        Kind.STATE,
    ),
    Action.STATUS: (Kind.SYMPTOM, Kind.SWITCHED_OFF, Kind.CHANGE, Kind.STATE),
    Action.ROLLBACK: (Kind.PRIOR,),
    Action.TEST: (Kind.STATE,),
    Action.SCALE: (Kind.SIZE, Kind.VAGUE_NUMBER, Kind.BROKEN, Kind.NUMBER),
}  # fmt: skip
_INSIDE_BRACKETS = (
    Kind.URGENCY, Kind.FILLER, Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.QUOTE, Kind.COMMA,
    Kind.DETERMINER, Kind.BREAK,
)  # fmt: skip


_CORRECTED = {
    Kind.APPLICATION: "application", Kind.ENVIRONMENT: "environment", Kind.VERSION: "version",
    Kind.NUMBER: "replicas", Kind.REPLICAS: "replicas",
}  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One thing that must be cleared up, and the slots it may concern."""

    words: str
    reason: str
    slots: tuple[str, ...] = ()


def find(scoped: Scoped, action: Action | None, used: tuple[Mention, ...]) -> list[Doubt]:
    """Return everything that is not sure about a command."""
    told = remarks.of(scoped)
    wished = [clause for n, clause in enumerate(scoped.asked) if n not in told]
    found = [
        *(doubt for clause in wished for doubt in _open(clause, action, scoped)),
        *(doubt for clause in wished for doubt in _unexplained(clause, action, used)),
        *_brackets(scoped),
    ]
    if scoped.hanging:
        said = {kind for each in scoped.all_excluded for kind in each.meanings}
        slots = tuple(slot for kind, slot in _CORRECTED.items() if kind in said) or ("action",)
        found.append(Doubt("not", "It is not clear what should not be done.", slots))
    if any(_contradicts(clause, action) for clause in scoped.excluded):
        found.append(Doubt("not", f"To {action} is both asked for and excluded.", ("action",)))
    return [*found, *_quotations(scoped.all_asked)]


def _contradicts(excluded: Clause, action: Action | None) -> bool:
    """Tell whether what is asked for is excluded again, of everything: "deploy it, no deploy"."""
    of_something = any(
        each.may_be(Kind.APPLICATION, Kind.ENVIRONMENT, Kind.OBJECT, Kind.UNKNOWN)
        for each in excluded
    )
    same = any(each.action(*ACTION_KINDS) is action for each in excluded)
    return action is not None and same and not of_something


def claims(scoped: Scoped) -> list[Doubt]:
    """Return a doubt for a claimed approval where nobody has to approve anything."""
    return [
        Doubt(each.text, f"Nobody has to approve this; why {each.text!r}?", ("action",))
        for each in scoped.all_asked
        if each.may_be(Kind.CLAIM)
    ]


def is_domain(scoped: Scoped) -> bool:
    """Tell whether a command has any word of the trade."""
    trade = (
        *ACTION_KINDS, Kind.APPLICATION, Kind.ENVIRONMENT, Kind.DEFAULT, Kind.PLATFORM,
        Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.REVISION, Kind.BACKUP, Kind.REPLICAS,
    )  # fmt: skip
    words = (*scoped.all_asked, *scoped.all_excluded)
    said = {kind for each in words for kind in each.meanings}
    asks_for_a_reason = {Kind.WHY, Kind.SYMPTOM} <= said and Kind.UNKNOWN not in said
    return asks_for_a_reason or any(
        each.may_be(*trade) or (each.may_be(Kind.OBJECT) and each.meanings[Kind.OBJECT] != "code")
        for each in words
    )


def _open(clause: Clause, action: Action | None, scoped: Scoped) -> Iterator[Doubt]:
    for n, mention in enumerate(clause):
        kinds = [each for each in OPEN_QUESTIONS if mention.may_be(each)]
        if not kinds or _settled(mention, action, scoped) or _qualifies(clause, n, action):
            continue
        slots = mention.extra or ("action",)
        known = tuple(each for each in slots if each in {"action", "application", "environment"})
        yield Doubt(
            mention.text,
            f"{mention.text!r} leaves open whether, when or what is meant.",
            known or ("action", "environment"),
        )


def _settled(mention: Mention, action: Action | None, scoped: Scoped) -> bool:
    """Tell whether an open word has a harmless reading here."""
    if mention.text == "instead" and scoped.excluded:
        return True
    if mention.may_be(Kind.URGENCY, Kind.VERB):
        return True
    if action and mention.may_be(*_TOLERATED.get(action, ())):
        return action is not Action.STATUS or mention.may_be(Kind.STATE)
    return False


def _qualifies(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether an open word belongs to a noun or a number that settles it."""
    if action is Action.ROLLBACK and clause[n].may_be(Kind.PAST):
        return any(each.may_be(*ACTION_KINDS, Kind.OBJECT) for each in clause[n + 1 : n + 2])
    should = n > 0 and clause[n].text in {"should", "should have"}
    return should and action is Action.SCALE and any(each.may_be(Kind.REPLICAS) for each in clause)


def _unexplained(
    clause: Clause, action: Action | None, used: tuple[Mention, ...]
) -> Iterator[Doubt]:
    tolerated = (*_TOLERATED.get(action, ()), Kind.EVERYTHING) if action else ()
    for n, mention in enumerate(clause):
        if mention in used or mention.may_be(*tolerated) or telling.is_reason(clause, n, action):
            continue
        if action is Action.DIAGNOSE and telling.is_complaint(clause, n):
            continue
        if (
            mention.only(*_NEEDS_EXPLANATION)
            or _is_place(clause, n, action)
            or telling.tells(clause, n, action)
        ):
            yield Doubt(mention.text, f"I do not know {mention.text!r}.", _slots(clause, n, action))


def _is_place(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether a word stands where an environment should, such as "to test"."""
    mention, previous = clause[n], places.before(clause, n)
    if not previous or not previous.may_be(Kind.TO) or previous.only(Kind.TO, Kind.FILLER) is False:
        return False
    announced = mention.end - mention.start > 1
    on_branch = previous.text == "on" and action not in ENVIRONMENT_ACTIONS
    if mention.may_be(Kind.BRANCH) and (announced or on_branch):
        return False
    if _is_numbered(clause, n):
        return False
    if (
        action is not None
        and mention.action(Kind.VERB_OR_NOUN) is action
        and _has_object(clause, n)
    ):
        return False
    names = {Kind.VERB_OR_NOUN, Kind.BRANCH, Kind.GATE}
    return bool(names & mention.meanings.keys()) and not mention.may_be(Kind.VERB, Kind.FILLER)


def _has_object(clause: Clause, n: int) -> bool:
    """Tell whether "to build payments-api" is an infinitive, not a place called build."""
    after = [each for each in clause[n + 1 :] if not each.may_be(Kind.DETERMINER)]
    return bool(after) and after[0].may_be(Kind.APPLICATION, Kind.DEFAULT, Kind.PRONOUN)


def _is_numbered(clause: Clause, n: int) -> bool:
    """Tell whether "to release 1.9" names a version, not a place called release."""
    return any(each.may_be(Kind.VERSION, Kind.REVISION) for each in clause[n + 1 : n + 2])


def _slots(clause: Clause, n: int, action: Action | None) -> tuple[str, ...]:
    """Return the slots that an unknown word may be meant for."""
    named = {kind for each in clause for kind in each.meanings}
    previous = places.before(clause, n)
    if clause[n].meanings.get(Kind.UNKNOWN) in (Kind.APPLICATION, Kind.ENVIRONMENT):
        return (str(clause[n].meanings[Kind.UNKNOWN]),)
    if previous and previous.may_be(Kind.FROM) and action is Action.PROMOTE:
        return ("environment",)
    placed = previous and previous.may_be(Kind.TO, Kind.AT) and previous.text != "for"
    if placed and not _names_after(clause, n):
        return ("environment",)
    for near in (*clause[n + 1 : n + 2], *clause[max(0, n - 1) : n]):
        if near.may_be(Kind.ENVIRONMENT):
            return ("environment",) if Kind.APPLICATION in named else ("environment", "application")
    if action is None:
        return ("action",) if Kind.APPLICATION in named else ("action", "application")
    return ("application",)


def _names_after(clause: Clause, n: int) -> bool:
    """Tell whether an environment follows in the clause, so the word here is none."""
    return any(each.may_be(Kind.ENVIRONMENT) for each in clause[n + 2 :])


def _brackets(scoped: Scoped) -> Iterator[Doubt]:
    for mention in scoped.bracketed:
        if not mention.may_be(*_INSIDE_BRACKETS):
            kinds = (Kind.APPLICATION, Kind.ENVIRONMENT)
            slots = tuple(str(kind) for kind in kinds if mention.may_be(kind)) or ("action",)
            yield Doubt(mention.text, f"{mention.text!r} in brackets may correct the rest.", slots)


def _quotations(clause: Clause) -> Iterator[Doubt]:
    inside = False
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.QUOTE):
            inside = not inside and any(each.may_be(Kind.QUOTE) for each in clause[n + 1 :])
        elif inside and mention.may_be(Kind.VERB, Kind.VERB_OR_NOUN):
            yield Doubt(
                mention.text, "It is not clear whether the quoted words are meant.", ("action",)
            )
