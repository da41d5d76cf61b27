"""Words inside a wish that tell instead of asking, and the wishes that may contain them.

"Roll back payments-api, the new release is broken" tells why; "payments-api is deployed" only
tells, and nothing is asked for. After "why" trouble is described in words that no list holds.
"""

from opsbot.understanding import verbs
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import ACTION_KINDS, Clause
from opsbot.vocabulary.words import Action


def is_reason(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether a clause only says why something shall be restarted, rolled back or scaled.

    "The new release is broken" names an action, but as the subject of what is told about it.
    """
    if action not in (Action.RESTART, Action.ROLLBACK, Action.SCALE):
        return False
    if not any(each.may_be(*ACTION_KINDS) for each in clause):
        return clause[n].may_be(Kind.SYMPTOM)
    if is_trouble(clause) and _says_of_trouble(clause, n):
        return True
    told = clause[n].may_be(Kind.SYMPTOM) or clause[n].text in _TELLING
    return (
        told
        and any(each.text in _TELLING for each in clause)
        and not any(verbs.imperatives(clause, absorbing=True))
    )


def is_trouble(clause: Clause) -> bool:
    """Tell whether a clause says that something done went wrong: "the last deployment failed"."""
    done = [n for n, each in enumerate(clause) if each.may_be(Kind.NOUN, Kind.VERB_OR_NOUN)]
    wrong = [n for n, each in enumerate(clause) if _goes_wrong(each)]
    asks = any(verbs.imperatives(clause, absorbing=True)) or any(
        each.may_be(Kind.SUPPORT, Kind.WHY, Kind.LOOK) for each in clause
    )
    return bool(done and wrong) and done[0] < wrong[-1] and not asks


def _goes_wrong(mention: Mention) -> bool:
    return mention.may_be(Kind.SYMPTOM) and not mention.may_be(Kind.SUPPORT, Kind.PARTICLE)


def _says_of_trouble(clause: Clause, n: int) -> bool:
    """Tell whether a word is the trouble, or what it fell upon ("broke the checkout")."""
    if _goes_wrong(clause[n]):
        return True
    named = any(each.may_be(Kind.APPLICATION) for each in clause[:n])
    upon = [each for each in clause[:n] if not each.may_be(Kind.DETERMINER)]
    return named and clause[n].may_be(Kind.UNKNOWN) and bool(upon) and _goes_wrong(upon[-1])


def is_complaint(clause: Clause, n: int) -> bool:
    """Tell whether an unknown word says what is wrong ("eating memory"), and cannot be a name.

    Trouble comes in more words than any list holds. Where the application and the environment
    are named, a word that nothing joins to them is part of what has to be diagnosed.
    """
    if not all(any(each.may_be(kind) for each in clause) for kind in _BOTH_NAMED):
        return False
    previous, after = (clause[n - 1] if n else None), clause[n + 1 : n + 2]
    if not previous or not clause[n].text.isalpha() or previous.may_be(*_JOINS_A_NAME):
        return False
    if any(each.may_be(Kind.AND, Kind.ALTERNATIVE, *_BOTH_NAMED) for each in after):
        return False
    verb = clause[n].text.endswith(("ing", "ed", "s"))
    follows = previous.may_be(*_BOTH_NAMED)
    return not follows or (verb and not any(each.may_be(Kind.SYMPTOM) for each in after))


_BOTH_NAMED = (Kind.APPLICATION, Kind.ENVIRONMENT)
_JOINS_A_NAME = (Kind.TO, Kind.AT, Kind.FROM, Kind.AND, Kind.ALTERNATIVE, Kind.OF, Kind.QUOTE)


def tells(clause: Clause, n: int, action: Action | None) -> bool:
    """Tell whether a clause that names an action tells about it instead of asking for it."""
    if action in (Action.STATUS, Action.DIAGNOSE) or not any(
        each.may_be(*ACTION_KINDS) for each in clause
    ):
        return False
    if n and clause[n].text == "is" and clause[n - 1].text in _RELATIVE:
        return False
    after = clause[n + 1] if n + 1 < len(clause) else None
    describes = after is not None and after.may_be(*ACTION_KINDS, Kind.OBJECT)
    symptom = clause[n].may_be(Kind.SYMPTOM) and not clause[n].may_be(*_BOTH)
    return clause[n].text in _TELLING or (symptom and not describes)


_BOTH = (Kind.PARTICLE, Kind.SUPPORT, Kind.GERUND, Kind.SIZE, Kind.MOVE, Kind.VERB)
_RELATIVE = frozenset({"that", "which", "what"})
_TELLING = frozenset({"is", "are", "does", "did", "am", "has", "been", "got"})
