"""The road from a sentence to an intent.

Every word must be accounted for. What is forbidden is refused first; then the action, the places
and the parameters are read, each of which may stay open; and only a command without any doubt
becomes an intent. There is no score to pass: one unexplained word is a question.
"""

from opsbot.understanding import (
    asking,
    deciding,
    doubts,
    names,
    places,
    refusing,
    remarks,
    scope,
    tagging,
    telling,
    text,
    tokens,
    values,
)
from opsbot.understanding.answer import Intent, Question, Refusal, Understanding
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import Scoped
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.words import ENVIRONMENT_ACTIONS, Action, RefusalCode, Urgency

_OUT_OF_SCOPE = Refusal(
    code=RefusalCode.OUT_OF_SCOPE,
    reason="This has nothing to do with deploying and running applications.",
)


def understand(command: str, organisation: Organisation) -> Understanding:
    """Return what a command asks for: an intent, a question or a refusal."""
    mentions = read(command, organisation)
    return decide(command, mentions, organisation) if isinstance(mentions, tuple) else mentions


def read(command: str, organisation: Organisation) -> tuple[Mention, ...] | Question | Refusal:
    """Return the command's words with everything each may mean."""
    cleaned = text.clean(command)
    if not isinstance(cleaned, str):
        return cleaned
    return tagging.tag(tokens.split(_unquoted(cleaned)), names.of(organisation))


def decide(
    command: str, mentions: tuple[Mention, ...], organisation: Organisation
) -> Understanding:
    """Return what words that have their meanings ask for."""
    scoped = scope.part(mentions)
    actions = _actions(scoped)
    diagnosing = actions == {Action.DIAGNOSE}
    if refusal := refusing.check(scoped, diagnosing=diagnosing):
        return refusal
    if not actions and (refusal := refusing.negated(scoped)):
        return refusal
    if not doubts.is_domain(scoped) and doubts.find(scoped, None, ()):
        return _OUT_OF_SCOPE
    action = next(iter(actions)) if len(actions) == 1 else None
    return _complete(command, scoped, action, organisation)


def _unquoted(cleaned: str) -> str:
    """Take a command out of quotation marks that enclose it as a whole."""
    stripped = cleaned.strip()
    for mark in "\"'":
        if len(stripped) > 1 and stripped[0] == stripped[-1] == mark and stripped.count(mark) == 2:
            return stripped[1:-1]
    return cleaned


def _actions(scoped: Scoped) -> frozenset[Action]:
    found: frozenset[Action] = frozenset()
    told = remarks.of(scoped)
    wished = [clause for n, clause in enumerate(scoped.asked) if n not in told]
    troubles = [clause for clause in wished if telling.is_trouble(clause)]
    for clause in wished:
        if clause not in troubles or len(troubles) == len(wished):
            found |= deciding.candidates(clause)
    if found == {Action.STATUS, Action.DIAGNOSE}:
        return frozenset({Action.DIAGNOSE})
    return found


def _complete(
    command: str, scoped: Scoped, action: Action | None, organisation: Organisation
) -> Intent | Question:
    located = places.locate(scoped, action, organisation.default_application)
    slots = [*(["action"] if action is None else []), *located.unclear]
    if action is None:
        return asking.ask(slots, doubts.find(scoped, None, ()), organisation)
    policy = organisation.policies.of(located.environment)
    asked = (*scoped.all_asked, *scoped.bracketed)
    read = values.read(asked, action, policy, organisation.policies.replicas)
    found = doubts.find(scoped, action, read.used)
    slots += read.unclear
    if action not in ENVIRONMENT_ACTIONS and located.environment:
        found.append(
            doubts.Doubt(
                located.environment,
                f"To {action} touches no environment. Say it without {located.environment!r}, "
                "or say what should happen there.",
                ("action",),
            )
        )
    found += [doubts.Doubt(each, f"{action} takes no {each}.", (each,)) for each in read.untaken]
    if action not in policy.approval.actions:
        found += doubts.claims(scoped)
    if slots or found:
        return asking.ask(slots, found, organisation)
    return _intent(command, scoped, action, located, read)


def _intent(
    command: str,
    scoped: Scoped,
    action: Action,
    located: places.Places,
    read: values.Values,
) -> Intent:
    source = {"from": located.source} if located.source else {}
    touches = action in ENVIRONMENT_ACTIONS
    return Intent(
        action=action,
        target=_target(scoped),
        application=str(located.application),
        environment=located.environment if touches else None,
        platform="kubernetes" if touches else None,
        urgency=_urgency(scoped),
        parameters={**read.parameters, **source},
        command=command,
    )


def _target(scoped: Scoped) -> str:
    """Return what the words named, as far as it is no more than a manner of speaking."""
    for mention in scoped.all_asked:
        named = mention.meanings.get(Kind.OBJECT)
        if named in {"image", "pods", "logs", "events", "endpoints", "replicas"}:
            return str(named)
    return "code"


def _urgency(scoped: Scoped) -> Urgency:
    """Return the urgency that the words carry; haste and leisure together are neither."""
    found = {
        value
        for each in (*scoped.all_asked, *scoped.bracketed)
        if isinstance(value := each.meanings.get(Kind.URGENCY), Urgency)
    }
    return found.pop() if len(found) == 1 else Urgency.NORMAL
