"""Light words: what a clause asks for when no verb in it names an action.

"Put it on dev" deploys, "put it back" rolls back, "give it five pods" scales, "the logs, please"
asks for the status. Each shape is tried in turn; the first that fits decides.
"""

from collections.abc import Iterator

from opsbot.understanding import scope, verbs
from opsbot.understanding.lexicon import actions
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import Clause
from opsbot.vocabulary.words import Action


def action_of(clause: Clause) -> frozenset[Action]:
    """Decide where no verb names an action."""
    for shape in (_rolling, _sizing, _carrying, _making, _noun_head, _looking, _moving, _wishing):
        if found := shape(clause):
            return found
    return frozenset()


_TROUBLES = frozenset(
    ("problem", "problems", "issue", "issues", "trouble", "troubles", "error", "errors", "wrong")
)
"""Whether these are asked for as a state or for their reason is not clear."""


def state_question(clause: Clause) -> frozenset[Action]:
    """Return the status action if a question for yes or no is about a state."""
    rest = [each for each in clause[1:] if each.text not in _TROUBLES]
    if any(each.may_be(Kind.STATE, Kind.SYMPTOM, Kind.PARTICIPLE) for each in rest):
        return frozenset({Action.STATUS})
    return frozenset()


def _rolling(clause: Clause) -> frozenset[Action]:
    rolls, back = scope.has(clause, Kind.ROLL), scope.has(clause, Kind.BACK)
    goal = scope.has(clause, Kind.PRIOR, Kind.VERSION, Kind.REVISION, Kind.BACKUP)
    if scope.has(clause, Kind.REPLICAS):
        return frozenset()
    if _restarts(clause):
        return frozenset({Action.RESTART})
    first = next((each for each in clause if not each.may_be(Kind.FILLER, Kind.QUOTE)), None)
    returns = goal and (scope.has(clause, Kind.MOVE) or (first and first.may_be(Kind.BACK)))
    goes_back = back and (scope.says(clause, "roll") or returns)
    if goes_back or (goal and scope.says(clause, "return")):
        return frozenset({Action.ROLLBACK})
    if rolls and scope.says(clause, "roll") and _goes_out(clause):
        return frozenset({Action.DEPLOY})
    return frozenset()


def _restarts(clause: Clause) -> bool:
    """Tell whether something is turned off and on again, or kicked."""
    if scope.says(clause, "turn") and scope.says(clause, "on again"):
        return True
    kicks = scope.says(clause, "kick") and scope.has(clause, Kind.APPLICATION, Kind.DEFAULT)
    return kicks and not scope.says(clause, "out") and not scope.says(clause, "off")


def _goes_out(clause: Clause) -> bool:
    return any(each.text.split()[0] == "out" for each in clause)


def _sizing(clause: Clause) -> frozenset[Action]:
    sized = scope.has(clause, Kind.SIZE, Kind.SUPPORT, Kind.MOVE)
    counts = any(each.meanings.get(Kind.OBJECT) in {"replicas", "pods"} for each in clause)
    vague = any(each.may_be(Kind.VAGUE_NUMBER, Kind.NUMBER) for each in clause)
    if scope.has(clause, Kind.REPLICAS) or any(
        each.meanings.get(Kind.BROKEN) == "replicas" for each in clause
    ):
        return frozenset({Action.SCALE})
    if scope.has(clause, Kind.LOOK) or not counts:
        return frozenset()
    differs = any(each.text in _DIFFERENCES for each in clause)
    if differs or (sized and (vague or scope.has(clause, Kind.SIZE))):
        return frozenset({Action.SCALE})
    return frozenset()


_DIFFERENCES = frozenset(("more", "fewer", "less", "additional", "extra", "some more"))


def _carrying(clause: Clause) -> frozenset[Action]:
    """Return the deployment of "move the new build to staging": what moves is no action."""
    if set(verbs.nouns(clause)) - {Action.BUILD, Action.DEPLOY} or scope.has(clause, Kind.SUPPORT):
        return frozenset()
    return _moving(clause)


def _making(clause: Clause) -> frozenset[Action]:
    """Return the build of "create a docker image", and the status of "which image is on dev"."""
    objects = {each.meanings.get(Kind.OBJECT) for each in clause}
    if "image" in objects and any(each.text.split()[0] in _CREATING for each in clause):
        return frozenset({Action.BUILD})
    asks = any(each.text.startswith(("which", "what")) for each in clause[:2])
    things = any(each.text in {"image", "commit", "build"} for each in clause)
    return frozenset({Action.STATUS} if asks and things else ())


_CREATING = frozenset(("create", "make", "produce", "generate"))


def _noun_head(clause: Clause) -> frozenset[Action]:
    """Return the action of the head noun; the head of "rollout status" is the status."""
    nouns = verbs.nouns(clause)
    if not nouns or Action.DIAGNOSE in nouns:
        return frozenset(nouns[:1] and {Action.DIAGNOSE})
    gives = any(each.text.split()[0] == "give" for each in clause)
    looks = scope.has(clause, Kind.LOOK) and not (gives or scope.has(clause, Kind.SUPPORT))
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
    return any(verbs.nouns(clause[:n]) and verbs.nouns(clause[n + 1 :]) for n in joins)


def _before_of(clause: Clause) -> list[Action]:
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.OF, Kind.AT, Kind.TO) and n:
            return verbs.nouns(clause[:n])
    return verbs.nouns(clause)


def _looking(clause: Clause) -> frozenset[Action]:
    objects = {each.meanings.get(Kind.OBJECT) for each in clause}
    looked_at = {"pods", "logs", "events", "endpoints"} & objects
    looks = any(each.may_be(Kind.LOOK) for each in clause)
    named = scope.has(clause, Kind.APPLICATION, Kind.DEFAULT, Kind.PRONOUN)
    if (looked_at and not scope.has(clause, Kind.SIZE)) or (looked_at and looks):
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
    sets_live = scope.says(clause, "set") and scope.says(clause, "live")
    if not (sets_live or scope.has(clause, Kind.MOVE)):
        return frozenset()
    if moves_between(clause):
        return frozenset({Action.PROMOTE})
    if _starts_running(clause):
        return frozenset({Action.DEPLOY})
    placing = any(each.text in _PLACING for each in clause)
    for before, mention in _pairs(clause):
        place = before.may_be(Kind.TO) or (placing and before.may_be(Kind.AT))
        if mention.may_be(Kind.ENVIRONMENT) and (place or mention.text == "live"):
            return frozenset({Action.DEPLOY})
    return frozenset()


_PLACING = frozenset(
    ("put", "place", "stick", "pop", "throw", "chuck", "slap", "bung", "whack", "set")
)


def _starts_running(clause: Clause) -> bool:
    """Tell whether something is to be got running in a place, and not to run there again."""
    running = any(each.text in {"running", "up and running", "available"} for each in clause)
    again = scope.has(clause, Kind.BACK) or any("again" in each.text for each in clause)
    return running and not again and scope.has(clause, Kind.ENVIRONMENT)


def _wishing(clause: Clause) -> frozenset[Action]:
    """Return the deployment of "we need it on staging" and "I want 1.2.0 in production".

    "I want payments in staging" leaves open what is to be done there.
    """
    if not any(set(each.text.split()) & _WISHES for each in clause):
        return frozenset()
    fresh = scope.has(clause, Kind.VERSION, Kind.COMMIT, Kind.BRANCH) or scope.says(clause, "new")
    for before, mention in _pairs(clause):
        placed = before.may_be(Kind.TO) or (fresh and before.may_be(Kind.AT))
        if mention.may_be(Kind.ENVIRONMENT) and (placed or mention.text == "live"):
            return frozenset({Action.DEPLOY})
    return frozenset()


_WISHES = frozenset(("need", "needs", "want", "wants", "like"))


def moves_between(clause: Clause) -> bool:
    """Tell whether something goes from one environment to another."""
    places = {each.name(Kind.ENVIRONMENT) for each in clause if each.may_be(Kind.ENVIRONMENT)}
    source = scope.has(clause, Kind.FROM) or any(
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
