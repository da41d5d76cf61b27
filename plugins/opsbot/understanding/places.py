"""Which application and which environment a command is about.

No name means the default application; a name that is nobody's never does. An environment is never
assumed. "Promote from staging to production" has two environments with two roles; everywhere else
two of them are a question.
"""

from dataclasses import dataclass

from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import Clause, Scoped
from opsbot.vocabulary.words import ENVIRONMENT_ACTIONS, Action

_ARRIVING = (Action.DEPLOY, Action.RESTART, Action.SCALE)
"""Actions for which "from staging" says where something should come from, not where it is."""
_PLACES = frozenset(
    ("cluster", "clusters", "server", "servers", "system", "systems", "stack", "namespace")
)
_LIGHT = (Kind.DETERMINER, Kind.QUOTE, Kind.PLATFORM)


@dataclass(frozen=True)
class Places:
    """What was found out about the application and the environment."""

    application: str | None
    environment: str | None
    source: str | None = None
    """The environment that a promotion comes from."""
    unclear: tuple[str, ...] = ()
    """Slots that the words leave open: application, environment."""


def locate(scoped: Scoped, action: Action | None, default: str) -> Places:
    """Return the application and the environment of a command."""
    application = _application(scoped, default, action)
    environments = _distinct(scoped.all_asked, Kind.ENVIRONMENT)
    unclear = ["application"] if application is None else []
    source = None
    if action is Action.PROMOTE:
        source, environment = _from_and_to(scoped.all_asked, environments)
    else:
        environment = environments[0] if len(environments) == 1 else None
        if _comes_from(scoped.all_asked) and action in _ARRIVING:
            environment = None
    if len(environments) > 1 and environment is None:
        unclear.append("environment")
    if environment is None and (action is None or action in ENVIRONMENT_ACTIONS):
        unclear.append("environment")
    return Places(application, environment, source, tuple(dict.fromkeys(unclear)))


def _application(scoped: Scoped, default: str, action: Action | None) -> str | None:
    asked = scoped.all_asked
    named = _distinct(asked, Kind.APPLICATION)
    well = len(named) == 1 and action is Action.STATUS  # "is everything fine with payments-api"
    if len(named) > 1 or (_everything(asked) and not well):
        return None
    if not named and _means_the_place_itself(asked):
        return None
    if named:
        return None if _listed_with_default(asked) else named[0]
    excluded = _distinct(scoped.all_excluded, Kind.APPLICATION)
    if not excluded or any(each.may_be(Kind.DEFAULT) for each in asked):
        return default
    pronoun = any(each.may_be(Kind.PRONOUN) for each in asked)
    return excluded[0] if pronoun and len(excluded) == 1 else None


def _everything(clause: Clause) -> bool:
    """Tell whether the command is about more than one application."""
    for n, mention in enumerate(clause):
        if not mention.may_be(Kind.EVERYTHING) or mention.may_be(Kind.OBJECT):
            continue
        after = clause[n + 1] if n + 1 < len(clause) else None
        of_one = after and after.may_be(Kind.OBJECT, Kind.NOUN, Kind.DETERMINER)
        pods = clause[n + 2] if n + 2 < len(clause) else None
        if after and pods and after.may_be(Kind.APPLICATION) and pods.may_be(Kind.OBJECT):
            continue  # "all payments-api pods" are those of one application
        if mention.text not in {"all", "each", "every"} or not of_one:
            return True
    return False


def _means_the_place_itself(clause: Clause) -> bool:
    """Tell whether "restart the cluster" is about the cluster, not about what runs there."""
    for n, mention in enumerate(clause):
        previous = before(clause, n)
        beside = (*clause[max(0, n - 1) : n], *clause[n + 1 : n + 2])
        placed = previous is None or previous.may_be(Kind.TO, Kind.AT, Kind.ENVIRONMENT, Kind.OF)
        if mention.text in _PLACES and not placed:
            return not any(each.may_be(Kind.PLATFORM, Kind.ENVIRONMENT) for each in beside[:1])
    return False


def _listed_with_default(clause: Clause) -> bool:
    """Tell whether "the app" is listed beside a name instead of explaining it."""
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.DEFAULT):
            around = (*clause[max(0, n - 1) : n], *clause[n + 1 : n + 2])
            if any(each.may_be(Kind.AND, Kind.ALTERNATIVE) for each in around):
                return True
    return False


def _distinct(clause: Clause, kind: Kind) -> list[str]:
    return list(dict.fromkeys(each.name(kind) for each in clause if each.may_be(kind)))


def before(clause: Clause, n: int) -> Mention | None:
    """Return the weighty mention before a place."""
    for mention in reversed(clause[:n]):
        if not mention.may_be(*_LIGHT):
            return mention
    return None


def _sources(clause: Clause) -> list[str]:
    """Return the environments that something comes from."""
    found = []
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.ENVIRONMENT):
            previous = before(clause, n)
            if previous and previous.may_be(Kind.FROM):
                found.append(mention.name(Kind.ENVIRONMENT))
    return found


def _comes_from(clause: Clause) -> bool:
    return bool(_sources(clause))


def _targets(clause: Clause) -> list[str]:
    found = []
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.ENVIRONMENT):
            previous = before(clause, n)
            if previous and previous.may_be(Kind.TO) and previous.text != "on":
                found.append(mention.name(Kind.ENVIRONMENT))
    return list(dict.fromkeys(found))


def _from_and_to(clause: Clause, environments: list[str]) -> tuple[str | None, str | None]:
    """Return a promotion's two environments; both None where their roles are not clear."""
    sources, targets = list(dict.fromkeys(_sources(clause))), _targets(clause)
    if len(environments) == 1:
        return (environments[0], None) if sources else (None, environments[0])
    if len(environments) != 2:
        return None, None
    if not targets and len(sources) == 1:
        targets = [each for each in environments if each != sources[0]]
    if len(targets) != 1:
        return None, None
    other = next(each for each in environments if each != targets[0])
    return (None, None) if sources and sources != [other] else (other, targets[0])
