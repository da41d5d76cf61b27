"""The arithmetic of a rolling update, without any cluster around it.

The sums are the real controller's: never more pods than replicas + maxSurge, never fewer available
ones than replicas - maxUnavailable, and unhealthy pods of old ReplicaSets go first because taking
them away costs nothing. That last rule is what ends a stuck rollout at once.
"""

import math
from dataclasses import dataclass

from opsbot.sandbox.kubernetes.problems import Json


@dataclass(frozen=True)
class Count:
    """How many pods a ReplicaSet should have, and how many of them are available."""

    name: str
    wanted: int
    available: int


@dataclass(frozen=True)
class Limits:
    """The bounds of a rolling update, in pods."""

    replicas: int
    surge: int
    unavailable: int

    @property
    def most(self) -> int:
        """How many pods there may be at once."""
        return self.replicas + self.surge if self.replicas else 0


def limits(spec: Json) -> Limits:
    """Read a Deployment's bounds; percentages of surge round up, of unavailable down."""
    replicas = spec["replicas"]
    rolling = spec["strategy"].get("rollingUpdate")
    if rolling is None:
        return Limits(replicas, 0, 0)
    surge = math.ceil(_pods(rolling["maxSurge"], replicas))
    unavailable = math.floor(_pods(rolling["maxUnavailable"], replicas))
    if surge == 0 and unavailable == 0:
        unavailable = 1
    return Limits(replicas, surge, min(unavailable, replicas))


def _pods(value: int | str, replicas: int) -> float:
    if isinstance(value, int):
        return value
    return int(value.rstrip("%")) * replicas / 100


def grow(bounds: Limits, new: Count, old: list[Count]) -> int:
    """Return how many pods the new ReplicaSet should have now."""
    if new.wanted >= bounds.replicas:
        return bounds.replicas
    room = bounds.replicas + bounds.surge - new.wanted - sum(each.wanted for each in old)
    return new.wanted + max(0, min(room, bounds.replicas - new.wanted))


def shrink(bounds: Limits, new: Count, old: list[Count]) -> dict[str, int]:
    """Return the new sizes of the old ReplicaSets that should shrink, oldest first."""
    total = new.wanted + sum(each.wanted for each in old)
    least = bounds.replicas - bounds.unavailable
    spare = total - least - max(0, new.wanted - new.available)
    if spare <= 0:
        return {}
    sizes = {each.name: each.wanted for each in old}
    for each in old:
        unhealthy = min(spare, max(0, each.wanted - each.available))
        sizes[each.name] -= unhealthy
        spare -= unhealthy
    surplus = new.available + sum(each.available for each in old) - least
    for each in old:
        leaving = min(sizes[each.name], max(0, surplus))
        sizes[each.name] -= leaving
        surplus -= leaving
    return {each.name: sizes[each.name] for each in old if sizes[each.name] != each.wanted}


def spread(bounds: Limits, active: list[Count]) -> dict[str, int]:
    """Share a changed number of replicas among ReplicaSets in the middle of a rollout."""
    total = sum(each.wanted for each in active)
    allowed = bounds.most
    missing = allowed - total
    sizes, left = {}, missing
    for each in sorted(active, key=lambda each: -each.wanted):
        share = round(each.wanted * allowed / total) - each.wanted if total else 0
        share = max(min(share, left), 0) if missing > 0 else min(max(share, left), 0)
        sizes[each.name] = each.wanted + share
        left -= share
    if sizes and left:
        first = next(iter(sizes))
        sizes[first] = max(0, sizes[first] + left)
    return sizes
