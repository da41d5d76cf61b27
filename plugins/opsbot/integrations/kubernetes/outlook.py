"""What the API server would make of one object: a dry-run apply, compared with what is there.

Only the server knows its defaults, its admission rules and who owns which field, so it is asked
instead of guessed at.
"""

from pydantic import Field

from opsbot.integrations.kubernetes import adoption, changes, faults, fieldsets, objects, owners
from opsbot.integrations.kubernetes.adoption import Adoption
from opsbot.integrations.kubernetes.changes import Change
from opsbot.integrations.kubernetes.client import FIELD_MANAGER, Cluster
from opsbot.integrations.kubernetes.faults import Conflict
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.planning import release_manifests
from opsbot.vocabulary.model import Value

_IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
"""Fields that a title says already."""


class Outlook(Value):
    """One object of a release as it is, and as it would be."""

    manifest: Json = Field(repr=False)
    live: Json | None = Field(repr=False)
    manager: str
    """In whose name it would be applied."""
    after: Json = Field(repr=False)
    """The API server's answer to the dry run."""
    changes: tuple[Change, ...]
    """Every field that would differ."""
    shown: tuple[Change, ...]
    """Those that somebody stated; the others are defaults of the API server."""
    adoption: Adoption | None = None
    """What is taken from others because this is the first contact."""
    conflicts: tuple[Conflict, ...] = ()
    """Fields that others own with another value, and that nobody may take."""
    forced: tuple[Conflict, ...] = ()
    """Fields that are taken by force, as going back demands."""

    @property
    def unchanged_keys(self) -> tuple[str, ...]:
        """Name the values of a Secret that stay as they are."""
        if self.manifest["kind"] != "Secret" or self.live is None:
            return ()
        moved = {each.field.removeprefix("data.") for each in self.changes}
        return tuple(key for key in sorted(self.live.get("data") or {}) if key not in moved)

    @property
    def title(self) -> str:
        """Name the object and its place."""
        return f"{objects.title(self.manifest)} in {objects.namespace_of(self.manifest)!r}"


def of(cluster: Cluster, manifest: Json, wanted: Wanted) -> Outlook:
    """Ask what applying one object would change."""
    live = cluster.find(manifest["kind"], objects.namespace_of(manifest), objects.name_of(manifest))
    as_opsbot = cluster.manager == FIELD_MANAGER
    taken = adoption.of(cluster, live, manifest) if as_opsbot and not wanted.forced else None
    answer, conflicts = _dry_run(cluster, manifest)
    contested = () if taken else conflicts
    found, shown = _compared(live, manifest, answer, cluster.manager)
    return Outlook(
        manifest=manifest,
        live=live,
        manager=cluster.manager,
        after=answer,
        changes=found,
        shown=shown,
        adoption=taken,
        conflicts=() if wanted.forced else contested,
        forced=contested if wanted.forced else (),
    )


def _dry_run(cluster: Cluster, manifest: Json) -> tuple[Json, tuple[Conflict, ...]]:
    """Return what would be there if nothing were in the way, and what is."""
    try:
        return cluster.apply(manifest, dry_run=True), ()
    except faults.FieldConflict as conflict:
        return cluster.apply(manifest, dry_run=True, force=True), conflict.conflicts


def _compared(
    live: Json | None, manifest: Json, answer: Json, manager: str
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return all changes, and those that are worth a line."""
    if live is None:
        created = _hidden(manifest, changes.of_new(_comparable(manifest)))
        return created, tuple(each for each in created if each.field not in _IDENTITY)
    before, after = _comparable(live), _comparable(answer)
    stated = fieldsets.without_defaults(before, after, owners.ours(answer, manager))
    found, shown = changes.between(before, after), changes.between(before, stated)
    return _hidden(manifest, found), _hidden(manifest, shown)


def _comparable(item: Json) -> Json:
    """Return what of an object is compared; the values of a Secret only as hashes."""
    return release_manifests.veiled(objects.cleaned(item))


def _hidden(manifest: Json, found: tuple[Change, ...]) -> tuple[Change, ...]:
    """Mark the changes of a Secret's values."""
    if manifest["kind"] != "Secret":
        return found
    return tuple(
        each.model_copy(update={"hidden": True}) if each.field.split(".")[0] == "data" else each
        for each in found
    )
