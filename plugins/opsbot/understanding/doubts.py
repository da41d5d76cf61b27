"""What keeps a command from being sure: words nobody explained, and words that leave it open."""

from collections.abc import Iterator
from dataclasses import dataclass

from opsbot.understanding import places
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
    Action.SCALE: (Kind.SIZE, Kind.VAGUE_NUMBER, Kind.BROKEN, Kind.NUMBER),
}  # fmt: skip
_INSIDE_BRACKETS = (
    Kind.URGENCY, Kind.FILLER, Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.QUOTE, Kind.COMMA,
    Kind.DETERMINER, Kind.BREAK,
)  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One thing that must be cleared up, and the slots it may concern."""

    words: str
    reason: str
    slots: tuple[str, ...] = ()


def find(scoped: Scoped, action: Action | None, used: tuple[Mention, ...]) -> list[Doubt]:
    """Return everything that is not sure about a command."""
    found = [*_open(scoped, action), *_unexplained(scoped, action, used), *_brackets(scoped)]
    if scoped.hanging:
        found.append(Doubt("not", "It is not clear what should not be done.", ("action",)))
    return [*found, *_quotations(scoped.all_asked)]


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
        Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.REVISION, Kind.REPLICAS,
    )  # fmt: skip
    return any(
        each.may_be(*trade) or (each.may_be(Kind.OBJECT) and each.meanings[Kind.OBJECT] != "code")
        for each in (*scoped.all_asked, *scoped.all_excluded)
    )


def _open(scoped: Scoped, action: Action | None) -> Iterator[Doubt]:
    for mention in scoped.all_asked:
        kinds = [each for each in OPEN_QUESTIONS if mention.may_be(each)]
        if not kinds or _settled(mention, action, scoped):
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


def _unexplained(
    scoped: Scoped, action: Action | None, used: tuple[Mention, ...]
) -> Iterator[Doubt]:
    tolerated = (*_TOLERATED.get(action, ()), Kind.EVERYTHING) if action else ()
    for clause in scoped.asked:
        for n, mention in enumerate(clause):
            if mention in used or mention.may_be(*tolerated) or _is_reason(clause, n, action):
                continue
            if (
                mention.only(*_NEEDS_EXPLANATION)
                or _is_place(clause, n, action)
                or _tells(clause, n, action)
            ):
                yield Doubt(
                    mention.text, f"I do not know {mention.text!r}.", _slots(clause, n, action)
                )


def _is_reason(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether a clause only says why something shall be restarted or rolled back."""
    mending = action in (Action.RESTART, Action.ROLLBACK, Action.SCALE)
    return (
        mending
        and clause[n].may_be(Kind.SYMPTOM)
        and not any(each.may_be(*ACTION_KINDS) for each in clause)
    )


def _tells(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether a clause that names an action tells about it instead of asking for it."""
    if action in (Action.STATUS, Action.DIAGNOSE) or not any(
        each.may_be(*ACTION_KINDS) for each in clause
    ):
        return False
    after = clause[n + 1] if n + 1 < len(clause) else None
    describes = after is not None and after.may_be(*ACTION_KINDS, Kind.OBJECT)
    symptom = clause[n].may_be(Kind.SYMPTOM) and not clause[n].may_be(*_BOTH)
    return clause[n].text in _TELLING or (symptom and not describes)


_BOTH = (Kind.PARTICLE, Kind.SUPPORT, Kind.GERUND, Kind.SIZE, Kind.VERB)
_TELLING = frozenset({"is", "are", "does", "did", "am", "has", "been", "got"})


def _is_place(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether a word stands where an environment should, such as "to test"."""
    mention, previous = clause[n], places.before(clause, n)
    if not previous or not previous.may_be(Kind.TO) or previous.only(Kind.TO, Kind.FILLER) is False:
        return False
    announced = mention.end - mention.start > 1
    on_branch = previous.text == "on" and action not in ENVIRONMENT_ACTIONS
    if mention.may_be(Kind.BRANCH) and (announced or on_branch):
        return False
    names = {Kind.VERB_OR_NOUN, Kind.BRANCH, Kind.GATE}
    return bool(names & mention.meanings.keys()) and not mention.may_be(Kind.VERB, Kind.FILLER)


def _slots(clause: Clause, n: int, action: Action | None) -> tuple[str, ...]:
    """Return the slots that an unknown word may be meant for."""
    named = {kind for each in clause for kind in each.meanings}
    previous = places.before(clause, n)
    if clause[n].meanings.get(Kind.UNKNOWN) in (Kind.APPLICATION, Kind.ENVIRONMENT):
        return (str(clause[n].meanings[Kind.UNKNOWN]),)
    if previous and previous.may_be(Kind.FROM) and action is Action.PROMOTE:
        return ("environment",)
    if previous and previous.may_be(Kind.TO, Kind.AT) and not _names_after(clause, n):
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
