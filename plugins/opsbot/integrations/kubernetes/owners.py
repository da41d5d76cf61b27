"""Who owns the fields of a live object, read from its `managedFields`.

An owner is a manager (`kubectl-set`), the operation it writes with (`Apply` by server-side apply,
`Update` by all else) and the subresource it writes through; the same name through `/scale` is
another owner. Several may own one field as long as they agree on its value. The status of an object
is its controller's affair and left out here.

Anybody who may write the object may write its `managedFields`; an entry that is none is passed
over.
"""

from collections.abc import Callable
from typing import Any

from pydantic import Field

from opsbot.integrations.kubernetes import fieldsets
from opsbot.integrations.kubernetes.client import FIELD_MANAGER
from opsbot.integrations.kubernetes.fieldsets import Fields
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.model import Value

REPLICAS = ("f:spec", "f:replicas")


class Owner(Value):
    """One owner and what it owns."""

    manager: str
    operation: str
    subresource: str = ""
    fields: Fields
    entry: Json = Field(repr=False)
    """As the API server keeps it."""

    def applies_as(self, manager: str) -> bool:
        """Tell whether these fields were set by applies in a manager's name."""
        return self.manager == manager and self.operation == "Apply" and not self.subresource

    @property
    def is_ours(self) -> bool:
        """Whether these fields were set by our own applies."""
        return self.applies_as(FIELD_MANAGER)

    @property
    def words(self) -> str:
        """Name the owner for a person: `'kubectl' (through scale)`."""
        through = f" (through {self.subresource})" if self.subresource else ""
        return f"{self.manager!r}{through}"


def of(item: Json | None) -> tuple[Owner, ...]:
    """Return the owners of an object, without those of its status."""
    return tuple(owner for each in entries(item) if (owner := _owner(each)) is not None)


def others(item: Json | None, manager: str = FIELD_MANAGER) -> tuple[Owner, ...]:
    """Return the owners that are not OPS Bot, or not the manager in whose name it applies."""
    return tuple(each for each in of(item) if not each.applies_as(manager))


def ours(item: Json | None, manager: str = FIELD_MANAGER) -> Fields:
    """Return what our own applies own of an object, or those in a manager's name."""
    own = (each for each in of(item) if each.applies_as(manager))
    return frozenset(path for each in own for path in each.fields)


def of_replicas(item: Json | None, manager: str = FIELD_MANAGER) -> tuple[Owner, ...]:
    """Return who else decides the number of replicas, as an autoscaler does."""
    return tuple(each for each in others(item, manager) if REPLICAS in each.fields)


def entries_without(
    live: Json,
    taken: Fields,
    of: Callable[[Owner], bool] = lambda _: True,
    manager: str = FIELD_MANAGER,
) -> list[Json]:
    """Return the `managedFields` of all others, some of whom have given fields up."""
    left = []
    for entry in filter(_is_entry, entries(live)):
        owner = _owner(entry)
        if owner is None or not (owner.applies_as(manager) or of(owner)):
            left.append(entry)
        elif not owner.applies_as(manager) and (rest := owner.fields - taken):
            left.append({**entry, "fieldsV1": fieldsets.write(rest)})
    return left


def entries(item: Json | None) -> list[Any]:
    """Return an object's `managedFields` as they are, each at its place."""
    metadata = (item or {}).get("metadata")
    found = metadata.get("managedFields") if isinstance(metadata, dict) else None
    return found if isinstance(found, list) else []


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("manager"))


def _owner(entry: Any) -> Owner | None:
    if not _is_entry(entry) or entry.get("subresource") == "status":
        return None
    return Owner(
        manager=str(entry["manager"]),
        operation=str(entry.get("operation") or ""),
        subresource=str(entry.get("subresource") or ""),
        fields=fieldsets.read(entry.get("fieldsV1")),
        entry=entry,
    )
