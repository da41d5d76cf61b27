"""What a change would make of a release, before anything is done.

Preview, backup and change look at the same value, so what is shown is what is saved is what is
done. Where a change alters a running Deployment, what our applies own of it is the start: what
others own stays theirs, and the number of replicas is left to who decides it.
"""

from pydantic import Field

from opsbot.capabilities.kubernetes.change import LiveChange
from opsbot.integrations.kubernetes import adoption, fieldsets, objects, owners
from opsbot.integrations.kubernetes.adoption import Adoption
from opsbot.integrations.kubernetes.client import FIELD_MANAGER, Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Keeper


class Wanted(Value):
    """The objects of a release as they are to be."""

    manifests: tuple[Json, ...] = Field(repr=False)
    """In the order of applying; one of them is the Deployment."""
    beside: tuple[Json, ...] = ()
    """Kind and name of objects that are saved with the release though they do not change."""
    forced: bool = False
    """Whether fields of others in the objects are taken, as going back demands."""
    exact: bool = False
    """Whether the live objects are compared with these in the end, as restoring demands."""
    may_adopt: tuple[Keeper, ...] = ()
    """Whose objects may be changed and, at the first contact, taken over."""
    adoptions: tuple[Adoption, ...] = ()
    """What is taken over from others, as it was approved."""
    added: tuple[str, ...] = ()
    """What a policy adds to the manifests, in words."""
    left: tuple[str, ...] = ()
    """What the change leaves as it is, in words."""

    @property
    def deployment(self) -> Json:
        """The Deployment of the release."""
        return next(each for each in self.manifests if each["kind"] == "Deployment")

    @property
    def saved(self) -> tuple[Json, ...]:
        """What a backup holds."""
        return (*self.manifests, *self.beside)


def live_deployment(cluster: Cluster, change: LiveChange) -> Json:
    """Return the Deployment that a change is about; fail if there is none, or if it is paused."""
    live = cluster.find("Deployment", change.namespace, change.deployment_name)
    if live is None:
        raise StepFailed(
            f"Deployment {change.deployment_name!r} is not in namespace {change.namespace!r}: "
            "nothing of it runs there. Deploy it first."
        )
    refuse_paused(live)
    return live


def refuse_paused(live: Json | None) -> None:
    """Fail for a paused Deployment: it takes every apply, and does nothing."""
    if live is not None and live["spec"].get("paused"):
        raise StepFailed(
            f"{objects.title(live)} in {objects.namespace_of(live)!r} is paused by somebody; "
            "what is applied would have no effect. Resume it, or find out why it is paused."
        )


def changed(live: Json, annotations: dict[str, str]) -> Json:
    """Return what our applies own of a live Deployment as a manifest, with these annotations.

    To apply more would make us owners of what others have set, and of all defaults.
    """
    own = fieldsets.extract(objects.cleaned(live), owners.ours(live))
    metadata = dict(own.get("metadata") or {})
    metadata |= {"name": objects.name_of(live), "namespace": objects.namespace_of(live)}
    if marks := {**(metadata.get("annotations") or {}), **annotations}:
        metadata["annotations"] = marks
    identity = {"apiVersion": live["apiVersion"], "kind": live["kind"], "metadata": metadata}
    return without_foreign_replicas({**identity, "spec": own.get("spec") or {}}, live)


def without_foreign_replicas(
    manifest: Json, live: Json | None, manager: str = FIELD_MANAGER
) -> Json:
    """Leave the number of replicas to an autoscaler or person who owns it."""
    if manifest["kind"] != "Deployment" or not owners.of_replicas(live, manager):
        return manifest
    spec = {key: value for key, value in manifest["spec"].items() if key != "replicas"}
    return {**manifest, "spec": spec}


def leave_replicas(manifest: Json, live: Json | None) -> tuple[Json, tuple[str, ...]]:
    """Leave the number of replicas to who decides it, and say so.

    At the first contact that is only who scales (`kubectl scale`, an autoscaler); the number that
    the object was made with belongs to the manifest like its other fields.
    """
    if manifest["kind"] != "Deployment" or live is None:
        return manifest, ()
    scaler = _scaler(live)
    if scaler is None:
        return manifest, ()
    spec = {key: value for key, value in manifest["spec"].items() if key != "replicas"}
    words = (
        f"{objects.title(manifest)} stays at {live['spec'].get('replicas')} replicas, though "
        f"{manifest['spec'].get('replicas')} are configured: {scaler} decided the number. Name a "
        "number in the command if it should be another."
    )
    return {**manifest, "spec": spec}, (words,)


def _scaler(live: Json) -> str | None:
    """Name who else decides the number of replicas; None if it is ours.

    What was ever scaled to 0 through `/scale` has no owner of its replicas any more; after our own
    deploy that shows in the field being no longer ours.
    """
    first = adoption.is_first_contact(live)
    found = [each.words for each in owners.of_replicas(live) if each.subresource or not first]
    if found:
        return " and ".join(found)
    return None if first or owners.REPLICAS in owners.ours(live) else "somebody who scaled it to 0"


def service_of(change: LiveChange) -> tuple[Json, ...]:
    """Return the kind and name of the Service that belongs to the release."""
    if not change.service_name:
        return ()
    metadata = {"name": change.service_name, "namespace": change.namespace}
    return ({"kind": "Service", "metadata": metadata},)
