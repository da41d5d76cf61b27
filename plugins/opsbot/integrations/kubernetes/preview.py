"""What the API server would change: a dry-run apply, compared with what is there.

Only the server knows its defaults, its admission rules and who owns which field, so it is asked
instead of guessed at. A field that belongs to another manager stops the preview with its name and
its owner; nothing is ever taken over by a deploy.
"""

from collections.abc import Sequence

from opsbot.integrations.kubernetes import changes, objects, release, rights
from opsbot.integrations.kubernetes.changes import Change
from opsbot.integrations.kubernetes.client import FIELD_MANAGER, Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.release import Manifest
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.errors import StepFailed
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


def take(cluster: Cluster, namespace: str, manifests: Sequence[Manifest]) -> Preview:
    """Ask the API server what applying the manifests would change."""
    rights.require(cluster, namespace)
    wanted = release.deployment_of(manifests)
    live = cluster.find("Deployment", namespace, objects.name_of(wanted))
    refuse_paused(live)
    found = [_changes_of(cluster, each) for each in manifests]
    return Preview(
        text="\n".join(line for paragraph, _ in found for line in paragraph),
        change_sha256=sha256_of([[c.model_dump() for c in change] for _, change in found]),
        live_sha256=ABSENT if live is None else objects.template_sha256(live),
        first_deploy=live is None,
    )


def refuse_paused(live: Json | None) -> None:
    """Fail for a paused Deployment: it takes every apply, and does nothing."""
    if live is not None and live["spec"].get("paused"):
        raise StepFailed(
            f"{objects.title(live)} in {objects.namespace_of(live)!r} is paused by somebody; "
            "what is applied would have no effect. Resume it, or find out why it is paused."
        )


def _changes_of(cluster: Cluster, manifest: Manifest) -> tuple[list[str], tuple[Change, ...]]:
    namespace, name = objects.namespace_of(manifest), objects.name_of(manifest)
    live = cluster.find(manifest["kind"], namespace, name)
    answer = cluster.apply(manifest, dry_run=True)
    title = f"{objects.title(manifest)} in {namespace!r}"
    if live is None:
        created = changes.of_new(objects.cleaned(manifest))
        return [f"{title}: will be created", *_lines(created)], created
    found = changes.between(objects.cleaned(live), objects.cleaned(answer))
    verdict = "no change" if not found else f"{len(found)} field(s) change"
    return [f"{title}: {verdict}", *_lines(found), *_others(live)], found


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
