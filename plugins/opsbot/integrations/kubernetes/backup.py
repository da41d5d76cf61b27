"""The way back, saved before anything changes.

What is saved are the live objects of the release, cleaned of the server's bookkeeping, and the
name of the version that serves now: its pod-template-hash. A revision number would not do, since
going back moves it. A backup is believed only after two tests: the objects are read a second time
and are the same, and the API server, asked by a dry run, would make of them what is there now.
"""

from collections.abc import Sequence

from opsbot.integrations.kubernetes import objects, release, replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.words import FIRST_DEPLOY


class Backup(Value):
    """The objects of a release as they were, and the version a rollback restores."""

    deployment: str
    namespace: str
    objects: tuple[Json, ...]
    """Cleaned, in the order of applying; those that were there."""
    template_hash: str | None
    """`pod-template-hash` of the version to go back to; None before the first deploy."""
    replica_sets: tuple[str, ...] = ()
    """Template hashes of all versions that were there; others are the failed one's."""
    target: str
    """What a rollback goes back to, in words."""
    sha256: str

    @property
    def first_deploy(self) -> bool:
        """Whether there was no version before."""
        return self.template_hash is None

    @property
    def saved_deployment(self) -> Json:
        """The Deployment as it was; only where this is no first deploy."""
        return release.deployment_of(self.objects)

    @property
    def version(self) -> str:
        """The tag of the version to go back to, as its Deployment says; empty if it does not."""
        if self.first_deploy:
            return ""
        annotations = self.saved_deployment["metadata"].get("annotations") or {}
        return str(annotations.get(release.IMAGE_TAG, ""))


def take(cluster: Cluster, namespace: str, wanted: Wanted, say: Say) -> Backup:
    """Save the live objects of a release; prove that they can be restored."""
    name = objects.name_of(wanted.deployment)
    live = [found for each in wanted.saved if (found := _find(cluster, each)) is not None]
    saved = tuple(objects.cleaned(each) for each in live)
    for each in saved:
        _prove(cluster, each)
        say(f"Saved {objects.title(each)}")
    deployment = next((each for each in live if each["kind"] == "Deployment"), None)
    taken = _backup(cluster, namespace, name, saved, deployment)
    say(f"A rollback goes back to {taken.target}")
    return taken


def refuse_altered(backup: Backup) -> None:
    """Refuse a backup whose objects are not those that were saved."""
    if sha256_of(list(backup.objects)) != backup.sha256:
        raise Refused(
            f"The backup of {backup.deployment!r} in {backup.namespace!r} was altered after it was "
            "taken. Nothing was changed; roll back by hand."
        )


def _backup(
    cluster: Cluster, namespace: str, name: str, saved: tuple[Json, ...], deployment: Json | None
) -> Backup:
    template_hash: str | None = None
    versions: tuple[str, ...] = ()
    target = FIRST_DEPLOY
    if deployment is not None:
        sets = replica_sets.of_deployment(cluster, deployment)
        serving = _serving(deployment, sets)
        template_hash = objects.template_hash(serving)
        versions = tuple(sorted(objects.template_hash(each) for each in sets))
        target = _target(deployment, serving)
    return Backup(
        deployment=name,
        namespace=namespace,
        objects=saved,
        template_hash=template_hash,
        replica_sets=versions,
        target=target,
        sha256=sha256_of(list(saved)),
    )


def _find(cluster: Cluster, manifest: Json) -> Json | None:
    return cluster.find(manifest["kind"], objects.namespace_of(manifest), objects.name_of(manifest))


def _prove(cluster: Cluster, saved: Json) -> None:
    """Fail unless the saved object is what is there, and would become it again."""
    again = _find(cluster, saved)
    if again is None or objects.cleaned(again) != saved:
        raise StepFailed(
            f"{objects.title(saved)} in {objects.namespace_of(saved)!r} changed while it was "
            "saved. Somebody is working on it; try again when they are done."
        )
    restored = cluster.apply(saved, force=True, dry_run=True)
    if objects.spec_sha256(restored) != objects.spec_sha256(saved):
        raise StepFailed(
            f"The backup of {objects.title(saved)} in {objects.namespace_of(saved)!r} would not "
            "restore it exactly (a dry run shows another object). Nothing was changed."
        )


def _serving(deployment: Json, sets: Sequence[Json]) -> Json:
    serving = replica_sets.current(deployment, sets)
    if serving is None:
        raise StepFailed(
            f"{objects.title(deployment)} in {objects.namespace_of(deployment)!r} has no "
            "ReplicaSet of its present version, so there is nothing a rollback could name. "
            "Wait until its controller has made one."
        )
    return serving


def _target(deployment: Json, serving: Json) -> str:
    """Say what a rollback goes back to, and if that is not healthy itself."""
    containers = serving["spec"]["template"]["spec"]["containers"]
    images = ", ".join(each["image"] for each in containers)
    wanted = deployment["spec"].get("replicas", 1)
    ready = serving.get("status", {}).get("readyReplicas", 0)
    words = f"ReplicaSet {objects.name_of(serving)}, image {images}, {ready}/{wanted} ready"
    return words if ready >= wanted else f"{words} (not healthy now, so a rollback will not be)"
