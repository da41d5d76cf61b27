"""Which of the ten actions a clause asks for.

English asks in many shapes: by an imperative ("restart it"), a noun ("a restart of"), a wish ("get
it restarted"), or by a light word whose surroundings decide ("put it back", "set it to five").
Every shape found is a candidate; more than one candidate is a question, never a choice.
"""

from collections.abc import Iterator

from opsbot.understanding.lexicon import actions, manner
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
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
_ABSORBING = (Action.DIAGNOSE, Action.STATUS)


def candidates(clause: Clause) -> frozenset[Action]:
    """Return every action that a clause may ask for."""
    verbs = _verbs(clause)
    if _has(clause, Kind.WHY):
        verbs = {Action.DIAGNOSE, *_imperatives(clause, absorbing=True)}
    elif Action.DIAGNOSE in verbs or Action.STATUS in verbs:
        absorbing = next(each for each in _ABSORBING if each in verbs)
        verbs = {absorbing, *_imperatives(clause, absorbing=True)} - (
            {Action.STATUS} if absorbing is Action.DIAGNOSE else set()
        )
    if _asks_state(clause) and not verbs & set(_ABSORBING):
        other = {*verbs, *_light(clause)}
        return _state_question(clause) or frozenset({*other, Action.STATUS} if other else ())
    if not verbs:
        return _light(clause)
    return frozenset(_settled(verbs, clause))


def _settled(verbs: set[Action], clause: Clause) -> Iterator[Action]:
    """Correct a deployment that is really a promotion, and object to foreign objects."""
    for action in sorted(verbs):
        if action is Action.DEPLOY and _moves_between(clause) and _says(clause, "push"):
            yield Action.PROMOTE
        else:
            yield action
        if action not in _ABSORBING:
            if action is Action.ROLLBACK and action in _nouns(clause):
                yield Action.DEPLOY  # to undo a rollback is to deploy
            for noun in _nouns(clause):
                if noun is not action and noun not in actions.COMPATIBLE[action]:
                    yield noun


def _verbs(clause: Clause) -> set[Action]:
    found = set(_imperatives(clause, absorbing=False))
    for n, mention in enumerate(clause):
        if (action := mention.action(Kind.PARTICIPLE)) and not mention.may_be(Kind.VERB):
            words = {word for each in clause[:n] for word in each.text.split()}
            if words & manner.PASSIVE_SUPPORT and not _asks_state(clause):
                found.add(action)
        if (action := mention.action(Kind.GERUND)) and not mention.may_be(Kind.NOUN):
            before = {each.text for each in clause[:n]}
            if before & _GERUND_CARRIERS:
                found.add(action)
    return found


def _imperatives(clause: Clause, *, absorbing: bool) -> Iterator[Action]:
    for n, mention in enumerate(clause):
        if absorbing and mention.may_be(Kind.SYMPTOM, Kind.STATE):
            continue
        if (action := mention.action(Kind.VERB)) and not _is_noun(clause, n):
            yield action
        elif mention.may_be(Kind.VERB_OR_NOUN) and not _is_noun(clause, n):
            action = mention.action(Kind.VERB_OR_NOUN)
            if action:
                yield action


def _is_noun(clause: Clause, n: int) -> bool:
    """Tell whether a word that can be verb or noun is a noun at its place."""
    mention = clause[n]
    if mention.may_be(Kind.VERB) and " " in mention.text and not _is_bare(clause, n - 1):
        return False
    after = clause[n + 1] if n + 1 < len(clause) else None
    if mention.may_be(Kind.VERB_OR_NOUN) and after and after.may_be(Kind.OF):
        return True
    position = n - 1
    while position >= 0 and clause[position].may_be(Kind.QUOTE, Kind.URGENCY):
        position -= 1
    if position < 0:
        return False
    before = clause[position]
    if mention.may_be(Kind.VERB):
        return _is_bare(clause, position)
    if before.may_be(Kind.FILLER) and not before.may_be(Kind.DETERMINER, Kind.SUPPORT):
        return False
    return before.may_be(*_BEFORE_NOUN)


def _is_bare(clause: Clause, n: int) -> bool:
    return (
        n >= 0
        and clause[n].may_be(
            Kind.DETERMINER, Kind.SUPPORT, Kind.PRIOR, Kind.OF, Kind.APPLICATION, Kind.ENVIRONMENT
        )
        and (not clause[n].may_be(Kind.FILLER) or clause[n].may_be(Kind.DETERMINER, Kind.SUPPORT))
    )


def _nouns(clause: Clause) -> list[Action]:
    """Return the actions named as things, in their order."""
    found = []
    for n, mention in enumerate(clause):
        action = mention.action(Kind.NOUN)
        if action is None and mention.may_be(Kind.VERB_OR_NOUN, Kind.VERB) and _is_noun(clause, n):
            action = mention.action(Kind.VERB_OR_NOUN, Kind.VERB)
        if action:
            found.append(action)
    return found


def _light(clause: Clause) -> frozenset[Action]:
    """Decide where no verb names an action."""
    for shape in (_rolling, _sizing, _noun_head, _looking, _moving):
        if found := shape(clause):
            return found
    return frozenset()


def _asks_state(clause: Clause) -> bool:
    for mention in clause:
        if mention.may_be(Kind.ASKS_STATE):
            return True
        if not mention.only(Kind.FILLER, Kind.QUOTE, Kind.AND, Kind.URGENCY):
            return False
    return False


_TROUBLES = frozenset(
    ("problem", "problems", "issue", "issues", "trouble", "troubles", "error", "errors", "wrong")
)
"""Whether these are asked for as a state or for their reason is not clear."""


def _state_question(clause: Clause) -> frozenset[Action]:
    rest = [each for each in clause[1:] if each.text not in _TROUBLES]
    if any(each.may_be(Kind.STATE, Kind.SYMPTOM, Kind.PARTICIPLE) for each in rest):
        return frozenset({Action.STATUS})
    return frozenset()


def _rolling(clause: Clause) -> frozenset[Action]:
    rolls, back = _has(clause, Kind.ROLL), _has(clause, Kind.BACK)
    goal = _has(clause, Kind.PRIOR, Kind.VERSION, Kind.REVISION)
    if _has(clause, Kind.REPLICAS):
        return frozenset()
    if back and (_says(clause, "roll") or (_has(clause, Kind.MOVE) and goal)):
        return frozenset({Action.ROLLBACK})
    if rolls and _says(clause, "roll") and _goes_out(clause):
        return frozenset({Action.DEPLOY})
    if _says(clause, "turn") and _says(clause, "on again"):
        return frozenset({Action.RESTART})
    return frozenset()


def _goes_out(clause: Clause) -> bool:
    return any(each.text.split()[0] == "out" for each in clause)


def _sizing(clause: Clause) -> frozenset[Action]:
    sized = _has(clause, Kind.SIZE, Kind.SUPPORT, Kind.MOVE)
    counts = any(each.meanings.get(Kind.OBJECT) in {"replicas", "pods"} for each in clause)
    vague = any(each.may_be(Kind.VAGUE_NUMBER, Kind.NUMBER) for each in clause)
    if _has(clause, Kind.REPLICAS) or any(
        each.meanings.get(Kind.BROKEN) == "replicas" for each in clause
    ):
        return frozenset({Action.SCALE})
    if sized and counts and (vague or _has(clause, Kind.SIZE)) and not _has(clause, Kind.LOOK):
        return frozenset({Action.SCALE})
    return frozenset()


def _noun_head(clause: Clause) -> frozenset[Action]:
    """Return the action of the head noun; the head of "rollout status" is the status."""
    nouns = _nouns(clause)
    if not nouns or Action.DIAGNOSE in nouns:
        return frozenset(nouns[:1] and {Action.DIAGNOSE})
    looks = _has(clause, Kind.LOOK) and not _has(clause, Kind.SUPPORT)
    if Action.STATUS in nouns or (looks and set(nouns) <= {Action.DEPLOY}):
        return frozenset({Action.STATUS, *_incompatible(nouns, Action.STATUS)})
    if any(each.may_be(Kind.ASKS_STATE) for each in clause):
        return frozenset()
    if _lists_nouns(clause):
        return frozenset(nouns)
    head = (_before_of(clause) or nouns)[-1]
    if looks and head is not Action.SCAN:
        return frozenset()
    return frozenset({head, *_incompatible(nouns, head)})


def _incompatible(nouns: list[Action], head: Action) -> set[Action]:
    """Return the nouns that cannot be the object of the head."""
    return set(nouns) - {head, *actions.COMPATIBLE[head]}


def _lists_nouns(clause: Clause) -> bool:
    """Tell whether nouns are joined, as in "the build and the tests"."""
    joins = [n for n, each in enumerate(clause) if each.may_be(Kind.AND)]
    return any(_nouns(clause[:n]) and _nouns(clause[n + 1 :]) for n in joins)


def _before_of(clause: Clause) -> list[Action]:
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.OF, Kind.AT, Kind.TO) and n:
            return _nouns(clause[:n])
    return _nouns(clause)


def _looking(clause: Clause) -> frozenset[Action]:
    objects = {each.meanings.get(Kind.OBJECT) for each in clause}
    looked_at = {"pods", "logs", "events", "endpoints"} & objects
    looks = any(each.may_be(Kind.LOOK) for each in clause)
    named = _has(clause, Kind.APPLICATION, Kind.DEFAULT, Kind.PRONOUN)
    if (looked_at and not _has(clause, Kind.SIZE)) or (looked_at and looks):
        return frozenset({Action.STATUS})
    if looks and (objects & actions.STATUS_OBJECTS or (named and _says_look(clause))):
        return frozenset({Action.STATUS})
    return frozenset()


def _says_look(clause: Clause) -> bool:
    return any(
        each.text
        in {
            "check",
            "show",
            "show me",
            "view",
            "look at",
            "take a look at",
            "check whether",
            "have a look at",
            "see",
            "inspect",
            "report on",
            "describe",
            "what about",
        }
        for each in clause
    )


def _moving(clause: Clause) -> frozenset[Action]:
    if not any(each.may_be(Kind.MOVE) for each in clause):
        return frozenset()
    if _moves_between(clause):
        return frozenset({Action.PROMOTE})
    placing = _says(clause, "put") or _says(clause, "place")
    for before, mention in _pairs(clause):
        place = before.may_be(Kind.TO) or (placing and before.may_be(Kind.AT))
        if mention.may_be(Kind.ENVIRONMENT) and (place or mention.text == "live"):
            return frozenset({Action.DEPLOY})
    return frozenset()


def _moves_between(clause: Clause) -> bool:
    """Tell whether something goes from one environment to another."""
    places = {each.name(Kind.ENVIRONMENT) for each in clause if each.may_be(Kind.ENVIRONMENT)}
    source = _has(clause, Kind.FROM) or any(
        each.text
        in {
            "what is",
            "what is running",
            "what is deployed",
            "what runs",
            "what is currently running",
        }
        for each in clause
    )
    return len(places) == 2 and source


def _pairs(clause: Clause) -> Iterator[tuple[Mention, Mention]]:
    """Yield each mention with the weighty one before it."""
    before = Mention("", {}, 0, 0)
    for mention in clause:
        yield before, mention
        if not mention.may_be(Kind.DETERMINER, Kind.QUOTE, Kind.PLATFORM):
            before = mention


def _has(clause: Clause, *kinds: Kind) -> bool:
    return any(each.may_be(*kinds) for each in clause)


def _says(clause: Clause, word: str) -> bool:
    return any(each.text == word for each in clause)
