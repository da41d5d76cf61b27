"""The parameters of a command, as far as its action takes them.

A parameter that the action cannot honour is asked about, not dropped: whoever says "restart two
pods" must not get all of them restarted.
"""

from dataclasses import dataclass

from opsbot.understanding.lexicon import carriers
from opsbot.understanding.lexicon.kinds import Kind
from opsbot.understanding.mention import Mention
from opsbot.understanding.scope import Clause
from opsbot.vocabulary.organisation import EnvironmentPolicy, ReplicaRange
from opsbot.vocabulary.words import Action

_KINDS = (Kind.VERSION, Kind.BRANCH, Kind.COMMIT, Kind.REVISION, Kind.BACKUP, Kind.REPLICAS)
_GOALS = (Kind.VERSION, Kind.REVISION, Kind.BACKUP)
"""What a rollback goes back to: one of them."""
_SOURCES = frozenset({Kind.BRANCH, Kind.COMMIT, Kind.VERSION})
TAKEN: dict[Action, frozenset[Kind]] = {
    Action.DEPLOY: _SOURCES | {Kind.REPLICAS},
    Action.ROLLBACK: frozenset(_GOALS),
    Action.RESTART: frozenset(),
    Action.SCALE: frozenset({Kind.REPLICAS}),
    Action.PROMOTE: frozenset({Kind.VERSION}),
    Action.BUILD: _SOURCES,
    Action.TEST: _SOURCES,
    Action.SCAN: _SOURCES,
    Action.STATUS: frozenset(),
    Action.DIAGNOSE: frozenset(),
}
_MOVING_VERSION = (Action.DEPLOY, Action.PROMOTE)


@dataclass(frozen=True)
class Values:
    """What was found out about the parameters."""

    parameters: dict[str, str | int]
    unclear: tuple[str, ...] = ()
    """Parameters that must be said more clearly."""
    untaken: tuple[str, ...] = ()
    """Parameters that the action does not take."""
    used: tuple[Mention, ...] = ()
    """Numbers that were taken as replicas."""


def read(
    clause: Clause, action: Action, policy: EnvironmentPolicy, replicas: ReplicaRange
) -> Values:
    """Return the parameters of a command."""
    found = _found(clause)
    unclear = [str(each.meanings[Kind.BROKEN]) for each in clause if each.may_be(Kind.BROKEN)]
    used = _count(clause, found) if action is Action.SCALE else ()
    unclear += [str(kind) for kind, values in found.items() if len(values) > 1]
    goals = [str(kind) for kind in _GOALS if kind in found]
    unclear += goals if action is Action.ROLLBACK and len(goals) > 1 else []
    unclear += _replicas(clause, action, found, replicas)
    parameters = {str(kind): values[0] for kind, values in found.items() if values}
    if action in _MOVING_VERSION and (moving := _moving(clause)) and "version" not in parameters:
        if not policy.moving_versions or moving != "latest code":
            parameters["version"] = moving
        if not policy.moving_versions or moving not in {"latest", "latest code"}:
            unclear.append("version")
    if Kind.BRANCH not in found and any(
        each.meanings.get(Kind.OBJECT) == "branch" for each in clause
    ):
        unclear.append("branch")
    if _points_back(clause, action):
        unclear.append("version")
    untaken = tuple(str(kind) for kind in found if kind not in TAKEN[action])
    return Values(parameters, tuple(dict.fromkeys(unclear)), untaken, used)


def _found(clause: Clause) -> dict[Kind, list[str | int]]:
    found: dict[Kind, list[str | int]] = {}
    for n, mention in enumerate(clause):
        for kind in _KINDS:
            value = mention.meanings.get(kind)
            if value is None or not isinstance(value, (str, int)) or _left_behind(clause, n):
                continue
            values = found.setdefault(kind, [])
            if value not in values:
                values.append(value)
    return found


def _left_behind(clause: Clause, n: int) -> bool:
    """Tell whether a value is the first of "from 1.8 to 1.9"."""
    kind = next((each for each in (Kind.VERSION, Kind.REPLICAS) if clause[n].may_be(each)), None)
    if kind is None or n < 1 or not clause[n - 1].may_be(Kind.FROM):
        return False
    return any(
        later.may_be(kind) and earlier.may_be(Kind.TO)
        for earlier, later in zip(clause[n + 1 :], clause[n + 2 :], strict=False)
    )


def _count(clause: Clause, found: dict[Kind, list[str | int]]) -> tuple[Mention, ...]:
    """Take the bare number of "scale it to five" as replicas."""
    numbers = [(n, each) for n, each in enumerate(clause) if each.may_be(Kind.NUMBER)]
    if Kind.REPLICAS not in found:
        counted = [each for n, each in numbers if not (n and clause[n - 1].may_be(Kind.FROM))]
        values = [each.meanings[Kind.NUMBER] for each in counted]
        if len(values) == 1 and isinstance(values[0], int):
            found[Kind.REPLICAS] = [values[0]]
            return tuple(each for _, each in numbers)
    from_number = tuple(each for n, each in numbers if n and clause[n - 1].may_be(Kind.FROM))
    return from_number if len(numbers) == len(from_number) else ()


def _replicas(
    clause: Clause, action: Action, found: dict[Kind, list[str | int]], allowed: ReplicaRange
) -> list[str]:
    values = found.get(Kind.REPLICAS, [])
    outside = [each for each in values if not _within(each, allowed)]
    vague = action is Action.SCALE and any(each.may_be(Kind.VAGUE_NUMBER) for each in clause)
    vague = vague or _may_be_difference(clause)
    lacks = action is Action.SCALE and not values
    return ["replicas"] if outside or vague or lacks else []


def _may_be_difference(clause: Clause) -> bool:
    """Tell whether a count may be meant as more or fewer by so many."""
    if not any(each.text in carriers.RELATIVE_SIZES for each in clause):
        return False
    return any(
        each.may_be(Kind.REPLICAS, Kind.NUMBER)
        and not (n and clause[n - 1].may_be(Kind.TO, Kind.AND, Kind.AT, Kind.FROM))
        for n, each in enumerate(clause)
    )


def _within(value: str | int, allowed: ReplicaRange) -> bool:
    return isinstance(value, int) and allowed.minimum <= value <= allowed.maximum


def _moving(clause: Clause) -> str | None:
    """Return the moving version that is asked for: `latest`, or another word that says when."""
    for n, mention in enumerate(clause):
        if mention.may_be(Kind.MOVING):
            after = clause[n + 1] if n + 1 < len(clause) else None
            code = after and after.meanings.get(Kind.OBJECT) in {"code", "service"}
            known = mention.text in {"latest", "newest", "most recent"}
            return ("latest code" if code else "latest") if known else mention.text
    return None


def _points_back(clause: Clause, action: Action) -> bool:
    """Tell whether an older version is meant without saying which."""
    if action not in (Action.DEPLOY, Action.PROMOTE, Action.BUILD, Action.TEST, Action.SCAN):
        return False
    return any(each.may_be(Kind.PRIOR) for each in clause)
