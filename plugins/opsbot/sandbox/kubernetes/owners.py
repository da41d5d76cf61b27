"""Who owns which field: the `managedFields` of an object.

Two kinds of owners differ in how they come by a field. An `Apply` owner owns what its last
applied configuration named, no more and no less; an `Update` owner owns what its writes changed.
The same name writing through /scale or /status is another owner. Several may own one field as
long as they agree on its value.
"""

from dataclasses import dataclass
from typing import Literal

from opsbot.sandbox.kubernetes import fieldsets, problems
from opsbot.sandbox.kubernetes.fieldsets import Comparison, Paths
from opsbot.sandbox.kubernetes.problems import Json, Problem

Operation = Literal["Apply", "Update"]


@dataclass(frozen=True)
class Owner:
    """One entry's identity."""

    name: str
    operation: Operation
    api_version: str
    subresource: str = ""

    def __str__(self) -> str:
        """Name the owner as conflict messages do."""
        through = f' with subresource "{self.subresource}"' if self.subresource else ""
        since = f" using {self.api_version}" if self.operation == "Update" else ""
        return f'"{self.name}"{through}{since}'


Owners = dict[Owner, Paths]

_REPLICAS = ("f:spec", "f:replicas")


def read(stored: Json) -> Owners:
    """Read an object's managedFields."""
    return {
        _owner(entry): fieldsets.of_fields(entry.get("fieldsV1") or {})
        for entry in stored.get("metadata", {}).get("managedFields") or []
        if entry.get("manager")
    }


def _owner(entry: Json) -> Owner:
    return Owner(
        entry["manager"], entry["operation"], entry["apiVersion"], entry.get("subresource", "")
    )


def write(owners: Owners, previous: Json, author: Owner, now: str) -> list[Json]:
    """Write managedFields; the author's entry gets the time, the others keep theirs.

    Without a time (a write that only made an owner) an entry has none, as in a real cluster.
    """
    times = {_owner(entry): entry.get("time") for entry in _entries(previous)}
    if now:
        times[author] = now
    entries = [_entry(owner, paths, times.get(owner)) for owner, paths in owners.items()]
    return sorted(entries, key=_order)


def _entries(previous: Json) -> list[Json]:
    return previous.get("metadata", {}).get("managedFields") or []


def _entry(owner: Owner, paths: Paths, time: str | None) -> Json:
    entry: Json = {"apiVersion": owner.api_version, "fieldsType": "FieldsV1"}
    entry["fieldsV1"] = fieldsets.to_fields(paths)
    entry |= {"manager": owner.name, "operation": owner.operation}
    if owner.subresource:
        entry["subresource"] = owner.subresource
    return entry | ({"time": time} if time else {})


def _order(entry: Json) -> tuple[str, str, str]:
    return entry["operation"], entry.get("time", ""), entry["manager"]


def after_update(owners: Owners, author: Owner, change: Comparison) -> Owners:
    """Give the author what it changed and take it from all others."""
    taken = change.added | change.modified
    left = {owner: paths - taken - change.removed for owner, paths in owners.items()}
    mine = (owners.get(author, frozenset()) | taken) - change.removed
    return {owner: paths for owner, paths in (left | {author: mine}).items() if paths}


def after_scale(owners: Owners, author: Owner, change: Comparison, replicas: int) -> Owners:
    """Give the author the number that it set through /scale.

    That is a small object of its own: with 0 replicas it has no field that could be owned, and one
    without any owner is not followed, so what was scaled to 0 belongs to nobody from then on.
    """
    if _REPLICAS not in change.modified:
        return owners
    left = {owner: paths - {_REPLICAS} for owner, paths in owners.items()}
    if replicas and any(_REPLICAS in paths for paths in owners.values()):
        left[author] = left.get(author, frozenset()) | {_REPLICAS}
    return {owner: paths for owner, paths in left.items() if paths}


def after_apply(owners: Owners, author: Owner, change: Comparison, *, force: bool) -> Owners:
    """Settle an apply: refuse what others own and the author would change, unless forced."""
    changed = change.added | change.modified
    others = {owner: paths for owner, paths in owners.items() if owner != author}
    lost = {owner: paths & changed for owner, paths in others.items() if paths & changed}
    if lost and not force:
        raise _conflict(lost)
    left = {owner: paths - changed - change.removed for owner, paths in others.items()}
    mine = {author: owners[author]}
    return {owner: paths for owner, paths in (left | mine).items() if paths}


def _conflict(lost: Owners) -> Problem:
    named = sorted(lost.items(), key=lambda each: str(each[0]))
    causes = [
        problems.cause(fieldsets.spell(path), f"conflict with {owner}", "FieldManagerConflict")
        for owner, paths in named
        for path in sorted(paths)
    ]
    number = f"{len(causes)} conflict{'s' if len(causes) > 1 else ''}"
    message = f"Apply failed with {number}: {_listed(named, len(causes))}"
    return Problem(409, "Conflict", message, {"causes": causes})


def _listed(named: list[tuple[Owner, Paths]], number: int) -> str:
    if number == 1:
        owner, paths = named[0]
        return f"conflict with {owner}: {fieldsets.spell(next(iter(paths)))}"
    parts = []
    for owner, paths in named:
        fields = "\n".join(f"- {fieldsets.spell(path)}" for path in sorted(paths))
        parts.append(f"conflicts with {owner}:\n{fields}")
    return "\n".join(parts)
