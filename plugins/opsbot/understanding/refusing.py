"""What is refused, whoever asks.

Required steps cannot be switched off by words, nothing is destroyed, secrets and configuration are
neither read nor edited, no shell is opened. A wish of this kind is refused even if the rest of the
command would make a plan: planning the rest would be doing half of what was meant.
"""

from collections.abc import Iterator

from opsbot.understanding.answer import Refusal
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import ACTION_KINDS, Clause, Scoped
from opsbot.vocabulary.words import Action, RefusalCode

_RULES: tuple[tuple[Kind, RefusalCode, str], ...] = (
    (Kind.ORDER, RefusalCode.UNSAFE,
     "{word!r} gives orders to the planner. Rules and approvals are not changed by a command."),
    (Kind.SECRETS, RefusalCode.POLICY,
     "{word!r} names secrets or environment variables. They are neither read nor edited here."),
    (Kind.SHELL, RefusalCode.UNSAFE,
     "{word!r} asks for a shell or a command line. Only planned steps are run."),
    (Kind.WEAKEN, RefusalCode.POLICY,
     "{word!r} would weaken a required step. No step, gate or approval can be switched off."),
    (Kind.DESTROY, RefusalCode.UNSAFE,
     "{word!r} destroys what runs. Nothing is deleted here."),
    (Kind.FOREIGN, RefusalCode.UNSUPPORTED,
     "{word!r} is another platform. Deployments go to Kubernetes only."),
    (Kind.UNSUPPORTED, RefusalCode.UNSUPPORTED,
     "{word!r} is not among the ten actions: deploy, rollback, restart, scale, promote, build, "
     "test, scan, status, diagnose."),
    (Kind.OFF_TOPIC, RefusalCode.OUT_OF_SCOPE,
     "{word!r} has nothing to do with deploying and running applications."),
)  # fmt: skip
_NOUNS = (Kind.OBJECT, Kind.NOUN)
_REQUIRED_ACTIONS = frozenset({Action.TEST, Action.SCAN})
_LACKING = frozenset(("without", "no", "w/o"))
"""Negations that take something away ("without rollback"), not only say what is not asked for."""
_MAY_HAPPEN = (Kind.UNSUPPORTED, Kind.DESTROY, Kind.SHELL, Kind.OFF_TOPIC)
"""What is not done when asked for, but may well be what goes wrong."""
_INERT = (Kind.WEAKEN, Kind.DESTROY, Kind.SECRETS, Kind.UNSUPPORTED, Kind.SHELL)


def check(scoped: Scoped, *, diagnosing: bool) -> Refusal | None:
    """Return the refusal that a command deserves, if any."""
    asked = (*scoped.asked, scoped.bracketed)
    for kind, code, reason in _RULES:
        for clause in asked:
            for word in _words(clause, kind, diagnosing=diagnosing):
                return Refusal(code=code, reason=reason.format(word=word))
    for clause in scoped.excluded:
        if left_out := _switched_off_by_negation(clause, scoped.all_asked):
            return _weakened(left_out)
    for clause in asked:
        if not diagnosing and (called_off := _switched_off_by_word(clause)):
            return _weakened(called_off)
        if not diagnosing and (gate := _changed_gate(clause)):
            return _weakened(gate)
        if not diagnosing and (named := _configuration(clause)):
            reason = f"{named!r} is configuration. It is neither read nor edited here."
            return Refusal(code=RefusalCode.POLICY, reason=reason)
    return None


def negated(scoped: Scoped) -> Refusal | None:
    """Return a refusal if all that the command names as an action is negated."""
    if any(each.may_be(*ACTION_KINDS, Kind.MOVE, Kind.SIZE) for each in scoped.all_excluded):
        return Refusal(
            code=RefusalCode.NEGATED,
            reason="The command says what not to do, and nothing else. Nothing is done.",
        )
    return None


def _words(clause: Clause, kind: Kind, *, diagnosing: bool) -> Iterator[str]:
    counts = any(each.may_be(Kind.REPLICAS, Kind.NUMBER) for each in clause)
    for n, mention in enumerate(clause):
        if mention.may_be(kind) and not _harmless(clause, n, counts=counts, diagnosing=diagnosing):
            yield mention.text


def _harmless(clause: Clause, n: int, *, counts: bool, diagnosing: bool) -> bool:
    """Tell whether another reading of a dangerous word is the right one here."""
    mention = clause[n]
    if diagnosing and (mention.may_be(Kind.SYMPTOM) or _is_asked_why(clause, n)):
        return True
    if mention.may_be(Kind.SIZE) and counts:
        return True
    return mention.may_be(*_NOUNS) and n > 0 and clause[n - 1].may_be(Kind.DETERMINER)


def _is_asked_why(clause: Clause, n: int) -> bool:
    """Tell whether a word belongs to what shall be explained ("why can users not log in")."""
    if not clause[n].may_be(*_MAY_HAPPEN):
        return False
    before = clause[:n]
    joined = any(each.may_be(Kind.AND) for each in before)
    return any(each.may_be(Kind.WHY) for each in before) and not joined


def _switched_off_by_negation(clause: Clause, asked: Clause) -> str | None:
    """Return the required step that a negated clause leaves out ("without tests")."""
    negations = [each for each in clause if each.may_be(Kind.NEGATION)]
    if len(negations) > 1 or any(each.may_be(*_INERT) and not _agrees(each) for each in clause):
        return None
    # "Do not roll back; deploy" chooses between actions, "deploy and do not roll back" weakens one.
    adds = bool(asked) and asked[0].start < clause[0].start
    lacking = adds or any(each.text in _LACKING for each in negations)
    return next((each.text for each in clause if _is_required(each, lacking=lacking)), None)


def _switched_off_by_word(clause: Clause) -> str | None:
    """Return the required step that a clause calls off ("with the gate disabled")."""
    if not any(each.may_be(Kind.SWITCHED_OFF) for each in clause):
        return None
    return next((each.text for each in clause if _is_required(each)), None)


def _is_required(mention: Mention, *, lacking: bool = False) -> bool:
    action = mention.action(Kind.NOUN, Kind.VERB_OR_NOUN, Kind.GERUND, Kind.VERB)
    required = action in _REQUIRED_ACTIONS or (lacking and action is Action.ROLLBACK)
    return mention.may_be(Kind.GATE) or required or _agrees(mention)


def _agrees(mention: Mention) -> bool:
    """Tell whether a word is about somebody's agreement: approve, approving, approved."""
    named = mention.may_be(Kind.APPLICATION, Kind.ENVIRONMENT)
    return not named and mention.text.startswith(("approv", "confirm", "accept"))


def _configuration(clause: Clause) -> str | None:
    if not any(each.may_be(Kind.CHANGE, Kind.LOOK, Kind.SIZE) for each in clause):
        return None
    return next((each.text for each in clause if each.may_be(Kind.CONFIGURATION)), None)


def _changed_gate(clause: Clause) -> str | None:
    """Return the required step that a clause changes and does nothing else ("lower the gate")."""
    if any(each.may_be(*ACTION_KINDS) for each in clause):
        return None
    changes = any(
        each.may_be(Kind.SIZE, Kind.CHANGE) and not each.may_be(Kind.LOOK, Kind.FILLER)
        for each in clause
    )
    return next((each.text for each in clause if changes and each.may_be(Kind.GATE)), None)


def _weakened(word: str) -> Refusal:
    return Refusal(
        code=RefusalCode.POLICY,
        reason=f"The command leaves out {word!r}, which is required. It cannot be switched off.",
    )
