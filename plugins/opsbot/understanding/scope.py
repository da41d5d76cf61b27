"""Which parts of a command are asked for, and which are excluded.

A negation governs the rest of its clause: "do not touch staging; deploy payments-api" asks for
one thing and excludes another. A comma ends its reach only if a new action follows, so "don't,
under any circumstances, deploy" stays what it is. After "why" a negation is a symptom.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opsbot.understanding.lexicon import carriers
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.vocabulary.words import Action

Clause = tuple[Mention, ...]

ACTION_KINDS = (Kind.VERB, Kind.GERUND, Kind.PARTICIPLE, Kind.NOUN, Kind.VERB_OR_NOUN)
_EMPTY = (
    Kind.FILLER, Kind.DETERMINER, Kind.OF, Kind.TO, Kind.AT, Kind.URGENCY, Kind.QUOTE, Kind.AND,
    Kind.SUPPORT, Kind.LOOK, Kind.SIZE, Kind.MOVE, Kind.BUT, Kind.PRONOUN, Kind.ASKS_STATE,
)  # fmt: skip
_NAMES = (Kind.APPLICATION, Kind.ENVIRONMENT)
_CONTRASTING = frozenset(("instead of", "rather than", "as opposed to", "not", "but not"))
_EXCLUDABLE = (Kind.APPLICATION, Kind.ENVIRONMENT, Kind.PRONOUN, *ACTION_KINDS)


@dataclass(frozen=True)
class Scoped:
    """A command's clauses, parted by whether they are asked for."""

    asked: tuple[Clause, ...]
    excluded: tuple[Clause, ...]
    bracketed: Clause
    hanging: bool
    """Whether something is negated and it is not clear what."""

    @property
    def all_asked(self) -> Clause:
        """Everything that is asked for, in one row."""
        return tuple(mention for clause in self.asked for mention in clause)

    @property
    def all_excluded(self) -> Clause:
        """Everything that is excluded, in one row."""
        return tuple(mention for clause in self.excluded for mention in clause)


def part(mentions: Sequence[Mention]) -> Scoped:
    """Part a command into what is asked for and what is excluded."""
    outside, bracketed = _brackets(mentions)
    if _is_aside(outside, bracketed):
        outside, bracketed = (*outside, *bracketed), ()
    asked: list[Clause] = []
    excluded: list[Clause] = []
    carried = complete = hanging = False
    explains = any(_asks_for_a_reason(each) for each in outside)
    for clause, ends_sentence in _clauses(outside):
        positive, negative = _at_negation(clause, carried, explains=explains)
        anew = complete or clause[0].may_be(Kind.BUT)
        negated = bool(negative) or (carried and not (positive and anew))
        empty = negated and not any(_weighs(each) for each in negative)
        before = (*asked, positive)
        takes_back = bool(negative) and _says_something(before) and _takes_back(positive, negative)
        hanging = hanging or (empty and ends_sentence) or takes_back
        complete = sum(_weighs(each) for each in negative) > 1
        acts = any(each.may_be(*ACTION_KINDS, Kind.MOVE) for each in negative)
        carried = not ends_sentence and (empty or acts or (carried and not positive))
        asked.append(positive)
        excluded.append(negative)
    return Scoped(
        tuple(each for each in asked if each),
        tuple(each for each in excluded if each),
        bracketed,
        hanging,
    )


def _brackets(mentions: Iterable[Mention]) -> tuple[Clause, Clause]:
    outside: list[Mention] = []
    inside: list[Mention] = []
    depth = 0
    for mention in mentions:
        if mention.may_be(Kind.OPEN):
            depth += 1
        elif mention.may_be(Kind.CLOSE):
            depth = max(0, depth - 1)
        else:
            (inside if depth else outside).append(mention)
    return tuple(outside), tuple(inside)


def _is_aside(outside: Clause, bracketed: Clause) -> bool:
    """Tell whether brackets add a name that the rest lacks: "restart payments-api (dev)"."""
    added = [kind for kind in _NAMES if any(each.may_be(kind) for each in bracketed)]
    plain = all(each.may_be(*added, Kind.TO, Kind.AT, *_LIGHT) for each in bracketed)
    lacks = not any(each.may_be(*added) for each in outside)
    return bool(added) and plain and lacks


_LIGHT = (Kind.DETERMINER, Kind.FILLER, Kind.PLATFORM)


def _clauses(mentions: Iterable[Mention]) -> list[tuple[Clause, bool]]:
    """Return the clauses, each with whether it ends its sentence."""
    found: list[tuple[Clause, bool]] = []
    current: list[Mention] = []
    for mention in mentions:
        ends = mention.may_be(Kind.BREAK)
        if mention.may_be(Kind.REASON) and current:
            found.append((tuple(current), False))
            current = []
        if not ends and not mention.may_be(Kind.COMMA) and mention.text != "but":
            current.append(mention)
        elif current:
            found.append((tuple(current), ends or mention.text == "but"))
            current = []
    if current:
        found.append((tuple(current), True))
    return found


def _at_negation(clause: Clause, carried: bool, *, explains: bool) -> tuple[Clause, Clause]:
    """Split a clause where its first negation begins to reach."""
    if carried and not _begins_anew(clause):
        return (), clause
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.WHY) or (explains and _has_subject(clause[:n], mention)):
            return clause, ()
        if mention.may_be(Kind.NEGATION) and not mention.may_be(Kind.NUMBER):
            end = _end_of_contrast(clause, n)
            return (*clause[:n], *clause[end:]), clause[n:end]
    return clause, ()


def _asks_for_a_reason(mention: Mention) -> bool:
    return mention.may_be(Kind.WHY) or mention.action(Kind.VERB) is Action.DIAGNOSE


def _has_subject(before: Clause, negation: Mention) -> bool:
    """Tell whether a negation says what something does not do: "its pods do not start, why?"."""
    subject = (Kind.APPLICATION, Kind.DEFAULT, Kind.PRONOUN, Kind.OBJECT)
    return (
        negation.may_be(Kind.NEGATION)
        and any(each.may_be(*subject) for each in before)
        and not any(each.may_be(*ACTION_KINDS) for each in before)
    )


def _end_of_contrast(clause: Clause, n: int) -> int:
    """Return where a negation ends that only sets one name against another.

    "Deploy payments-api instead of web-frontend to dev" excludes one application; "to dev" is
    still asked for. Any other negation reaches to the end of its clause.
    """
    named = n + 1
    while named < len(clause) and clause[named].may_be(Kind.DETERMINER):
        named += 1
    rest = clause[named + 1 :]
    if clause[n].text not in _CONTRASTING or not n or len(rest) < 2:
        return len(clause)
    for name, other in (_NAMES, _NAMES[::-1]):
        contrasted = any(each.may_be(name) for each in clause[:n]) and clause[named].may_be(name)
        if contrasted and rest[0].may_be(Kind.TO, Kind.AT) and rest[1].may_be(other):
            return named + 1
    return len(clause)


def _begins_anew(clause: Clause) -> bool:
    """Tell whether a clause after a negated one asks for an action of its own."""
    light = (Kind.ROLL, Kind.MOVE, Kind.SIZE, Kind.LOOK, Kind.WHY)
    first = clause[1:2] if clause[0].may_be(Kind.BUT) else clause[:1]
    return any(each.may_be(*light) for each in first) or any(
        each.may_be(Kind.VERB, Kind.VERB_OR_NOUN, Kind.SUPPORT) for each in clause[:2]
    )


def _says_something(clauses: Iterable[Clause]) -> bool:
    return any(each.may_be(*_EXCLUDABLE) for clause in clauses for each in clause)


def _takes_back(subject: Clause, negative: Clause) -> bool:
    """Tell whether a bare "no" takes back what was said: "to production... no, staging"."""
    if subject and subject[0].text in carriers.PEOPLE:
        return False
    after = [each for each in negative[1:] if not each.may_be(Kind.DETERMINER)]
    if all(each.may_be(*_EMPTY) for each in after):
        return True
    refuses = negative[0].text in _NO or (
        negative[0].text == "not" and len(after) < len(negative) - 1
    )
    return refuses and after[0].may_be(*_NAMES, Kind.NUMBER, Kind.UNKNOWN)


_NO = frozenset(("no", "nope", "nah"))


def _weighs(mention: Mention) -> bool:
    """Tell whether there is something in a negated mention that can be excluded."""
    if mention.may_be(Kind.NEGATION):
        return len(mention.text.split()) > 1 and mention.text not in {"do not", "can not"}
    return mention.may_be(*_EXCLUDABLE) or not mention.only(*_EMPTY)


def has(clause: Clause, *kinds: Kind) -> bool:
    """Tell whether something in a clause can be one of the kinds."""
    return any(each.may_be(*kinds) for each in clause)


def says(clause: Clause, word: str) -> bool:
    """Tell whether a clause contains a word."""
    return any(each.text == word for each in clause)


def asks_state(clause: Clause) -> bool:
    """Tell whether a clause begins as a question for yes or no."""
    for mention in clause:
        if mention.may_be(Kind.ASKS_STATE):
            return True
        if not mention.only(Kind.FILLER, Kind.QUOTE, Kind.AND, Kind.URGENCY):
            return False
    return False
