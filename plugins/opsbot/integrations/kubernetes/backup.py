"""The way back, saved before anything changes.

What is saved are the live objects of the release, cleaned of the server's bookkeeping, the Secrets
and ConfigMaps that its pods refer to, whoever keeps them, and the name of the version that serves
now: its pod-template-hash. A revision number would not do, since going back moves it. A backup is
believed only after two tests: the objects are read a second time and are the same, and the API
server, asked by a dry run, would make of them what is there now.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field

from opsbot.integrations.kubernetes import objects, release, replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.planning import pod_references
from opsbot.verification import versions
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.words import FIRST_DEPLOY


class Backup(Value):
    """The objects of a release as they were, and the version a rollback restores."""

    deployment: str
    namespace: str
    objects: tuple[Json, ...] = Field(repr=False)
    """Those of the release, cleaned, in the order of applying; those that were there."""
    needed: tuple[Json, ...] = Field(default=(), repr=False)
    """Secrets and ConfigMaps that its pods refer to and that are not the release's own, cleaned."""
    hashes: dict[str, str] = Field(default_factory=dict, repr=False)
    """Spec hash of each saved object, by its title."""
    template_hash: str | None
    """`pod-template-hash` of the version to go back to; None before the first deploy."""
    replica_sets: tuple[str, ...] = ()
    """Template hashes of all versions that were there; others are the failed one's."""
    target: str
    """What a rollback goes back to, in words."""

    @property
    def everything(self) -> tuple[Json, ...]:
        """All saved objects; what pods need stands before them."""
        return (*self.needed, *self.objects)

    @property
    def holds_secrets(self) -> bool:
        """Whether there is a Secret among the saved objects."""
        return any(each["kind"] == "Secret" for each in self.everything)

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
    live = [found for each in wanted.saved if (found := _find(cluster, each)) is not None]
    deployment = next((each for each in live if each["kind"] == "Deployment"), None)
    needed = _needed(cluster, deployment, wanted) if deployment else []
    saved = [objects.cleaned(each) for each in (*needed, *live)]
    for each in saved:
        _prove(cluster, each)
        say(f"Saved {objects.title(each)}")
    taken = Backup(
        deployment=objects.name_of(wanted.deployment),
        namespace=namespace,
        objects=tuple(saved[len(needed) :]),
        needed=tuple(saved[: len(needed)]),
        hashes=_hashes(saved),
        **_version(cluster, deployment),
    )
    say(f"A rollback goes back to {taken.target}")
    return taken


def refuse_altered(backup: Backup) -> None:
    """Refuse a backup whose objects are not those that were saved."""
    if _hashes(backup.everything) != backup.hashes:
        raise Refused(
            f"The backup of {backup.deployment!r} in {backup.namespace!r} was altered after it was "
            "taken. Nothing was changed; roll back by hand."
        )


def _hashes(saved: Iterable[Json]) -> dict[str, str]:
    return {objects.title(each): objects.spec_sha256(each) for each in saved}


def _needed(cluster: Cluster, deployment: Json, wanted: Wanted) -> list[Json]:
    """Read what the live pods refer to beside the release's own objects; what is gone is left out.

    A right that lacks is an error: without its Secrets the old version could not be brought back.
    """
    namespace = objects.namespace_of(deployment)
    own = {(each["kind"], objects.name_of(each)) for each in wanted.saved}
    found = (
        cluster.find(each.kind, namespace, each.name)
        for each in pod_references.of_template(deployment["spec"]["template"])
        if (each.kind, each.name) not in own
    )
    return [each for each in found if each is not None]


def _version(cluster: Cluster, deployment: Json | None) -> dict[str, Any]:
    """Name the version to go back to, and the versions there are."""
    if deployment is None:
        return {"template_hash": None, "target": FIRST_DEPLOY}
    sets = replica_sets.of_deployment(cluster, deployment)
    serving = _serving(deployment, sets)
    return {
        "template_hash": versions.template_hash(serving),
        "replica_sets": tuple(sorted(versions.template_hash(each) for each in sets)),
        "target": _target(deployment, serving),
    }


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
    serving = versions.current(deployment, sets)
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
