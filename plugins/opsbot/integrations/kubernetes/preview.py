"""What the API server would change: a dry-run apply, compared with what is there.

Only the server knows its defaults, its admission rules and who owns which field, so it is asked
instead of guessed at. A field that belongs to another manager stops the preview with its name and
its owner; nothing is ever taken over by a deploy.
"""

from opsbot.integrations.kubernetes import changes, faults, objects, rights
from opsbot.integrations.kubernetes.changes import Change
from opsbot.integrations.kubernetes.client import FIELD_MANAGER, Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted, refuse_paused
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.model import Value

ABSENT = "absent"
_CONTROLLER = "kube-controller-manager"


class Preview(Value):
    """The change an approval is about."""

    text: str
    change_sha256: str
    """Of every change with its values; equal as long as nothing moves."""
    live_sha256: str
    """Of the live pod template, or `absent`."""
    first_deploy: bool


def take(cluster: Cluster, namespace: str, wanted: Wanted) -> Preview:
    """Ask the API server what applying a release would change."""
    rights.require(cluster, namespace)
    live = cluster.find("Deployment", namespace, objects.name_of(wanted.deployment))
    refuse_paused(live)
    found = [_changes_of(cluster, each, wanted.forced) for each in wanted.manifests]
    return Preview(
        text="\n".join([*(line for paragraph, _ in found for line in paragraph), *wanted.left]),
        change_sha256=sha256_of([[c.model_dump() for c in change] for _, change in found]),
        live_sha256=hash_of(live),
        first_deploy=live is None,
    )


def in_place(cluster: Cluster, wanted: Wanted) -> bool:
    """Tell whether the objects are as wanted already: applying them again would change nothing."""
    return not any(_changes_of(cluster, each, wanted.forced)[1] for each in wanted.manifests)


def hash_of(live: Json | None) -> str:
    """Hash the pod template of a live Deployment; `absent` where there is none."""
    return ABSENT if live is None else objects.template_sha256(live)


def _changes_of(
    cluster: Cluster, manifest: Json, forced: bool
) -> tuple[list[str], tuple[Change, ...]]:
    namespace, name = objects.namespace_of(manifest), objects.name_of(manifest)
    live = cluster.find(manifest["kind"], namespace, name)
    answer, taken = _dry_run(cluster, manifest, forced)
    title = f"{objects.title(manifest)} in {namespace!r}"
    if live is None:
        created = changes.of_new(objects.cleaned(manifest))
        return [f"{title}: will be created", *_lines(created)], created
    found = changes.between(objects.cleaned(live), objects.cleaned(answer))
    verdict = "no change" if not found else f"{len(found)} field(s) change"
    return [f"{title}: {verdict}", *_lines(found), *taken, *_others(live)], found


def _dry_run(cluster: Cluster, manifest: Json, forced: bool) -> tuple[Json, list[str]]:
    """Return what would be there, and in words what is taken from others."""
    try:
        return cluster.apply(manifest, dry_run=True), []
    except faults.FieldConflict as conflict:
        if not forced:
            raise
        taken = [f"  taken back by force: {conflict.fields}"]
        return cluster.apply(manifest, dry_run=True, force=True), taken


def _lines(found: tuple[Change, ...]) -> list[str]:
    return [f"  {each.line}" for each in found]


def _others(live: Json) -> list[str]:
    """Name the managers that own fields of their own here, which stay as they are."""
    names = {
        each["manager"]
        for each in live["metadata"].get("managedFields", [])
        if each["manager"] not in (FIELD_MANAGER, _CONTROLLER)
        and each.get("subresource") != "status"
    }
    return [f"  also managed by {', '.join(sorted(names))}; their fields stay"] if names else []
