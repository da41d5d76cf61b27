"""Which of the ten actions a clause asks for.

English asks in many shapes: by an imperative ("restart it"), a noun ("a restart of"), a wish ("get
it restarted"), or by a light word whose surroundings decide ("put it back", "set it to five").
Every shape found is a candidate; more than one candidate is a question, never a choice.
"""

from collections.abc import Iterator

from opsbot.understanding import light_words, scope, verbs
from opsbot.understanding.lexicon import actions
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.scope import Clause
from opsbot.vocabulary.words import Action

_ABSORBING = (Action.DIAGNOSE, Action.STATUS)


def candidates(clause: Clause) -> frozenset[Action]:
    """Return every action that a clause may ask for."""
    found = verbs.asked(clause)
    if _checks_tests(clause):
        return frozenset({Action.TEST, *(found - {Action.STATUS})})
    if not found and _asks_for_findings(clause):
        return frozenset({Action.SCAN})
    if scope.has(clause, Kind.WHY):
        found = {Action.DIAGNOSE, *verbs.imperatives(clause, absorbing=True)}
    elif Action.DIAGNOSE in found or Action.STATUS in found:
        absorbing = next(each for each in _ABSORBING if each in found)
        found = {absorbing, *verbs.imperatives(clause, absorbing=True)} - (
            {Action.STATUS} if absorbing is Action.DIAGNOSE else set()
        )
    if scope.asks_state(clause) and not found & set(_ABSORBING):
        other = {*found, *light_words.action_of(clause)}
        return light_words.state_question(clause) or frozenset(
            {*other, Action.STATUS} if other else ()
        )
    if not found:
        return light_words.action_of(clause)
    return frozenset(_settled(found, clause))


def _asks_for_findings(clause: Clause) -> bool:
    """Tell whether "are there vulnerabilities in it" asks for a scan."""
    asks = any(each.text in _EXISTING for each in clause)
    return asks and verbs.nouns(clause) == [Action.SCAN]


_EXISTING = frozenset(("are there", "is there", "do we have", "does", "any"))


def _checks_tests(clause: Clause) -> bool:
    """Tell whether "check that the tests pass" asks for a run of the tests."""
    checks = any(each.text.split()[0] in _CHECKING for each in clause[:3])
    passes = any(each.text.startswith(("pass", "succeed")) for each in clause)
    return checks and passes and Action.TEST in verbs.nouns(clause)


_CHECKING = frozenset(("check", "verify", "see", "make", "ensure", "find"))


def _settled(found: set[Action], clause: Clause) -> Iterator[Action]:
    """Correct a deployment that is really a promotion, and object to foreign objects."""
    for action in sorted(found):
        if (
            action is Action.DEPLOY
            and light_words.moves_between(clause)
            and scope.says(clause, "push")
        ):
            yield Action.PROMOTE
        else:
            yield action
        if action not in _ABSORBING:
            if action is Action.ROLLBACK and action in verbs.nouns(clause):
                yield Action.DEPLOY  # to undo a rollback is to deploy
            for noun in verbs.nouns(clause):
                if noun is not action and noun not in actions.COMPATIBLE[action]:
                    yield noun
