"""What a change would make of a release, before anything is done.

Preview, backup and change look at the same value, so what is shown is what is saved is what is
done. Where a change alters a running Deployment, its live object is the start: what others added
stays, and the number of replicas is left to an autoscaler that owns it.
"""

from opsbot.capabilities.kubernetes.change import LiveChange
from opsbot.integrations.kubernetes import objects, ownership
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value


class Wanted(Value):
    """The objects of a release as they are to be."""

    manifests: tuple[Json, ...]
    """In the order of applying; one of them is the Deployment."""
    beside: tuple[Json, ...] = ()
    """Kind and name of objects that are saved with the release though they do not change."""
    forced: bool = False
    """Whether fields of others in the objects are taken, as going back demands."""
    exact: bool = False
    """Whether the live objects are compared with these in the end, as restoring demands."""
    left: tuple[str, ...] = ()
    """What a restore leaves as it is, in words."""

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


def changed(live: Json, annotations: dict[str, str], **spec: object) -> Json:
    """Return a live Deployment as a manifest, with these annotations and parts of its spec."""
    start = without_foreign_replicas(objects.cleaned(live), live)
    metadata = dict(start["metadata"])
    metadata["annotations"] = {**metadata.get("annotations", {}), **annotations}
    return {**start, "metadata": metadata, "spec": {**start["spec"], **spec}}


def without_foreign_replicas(manifest: Json, live: Json | None) -> Json:
    """Leave the number of replicas to an autoscaler or person who owns it."""
    if manifest["kind"] != "Deployment" or live is None:
        return manifest
    if not ownership.others_own_replicas(live["metadata"].get("managedFields", [])):
        return manifest
    spec = {key: value for key, value in manifest["spec"].items() if key != "replicas"}
    return {**manifest, "spec": spec}


def service_of(change: LiveChange) -> tuple[Json, ...]:
    """Return the kind and name of the Service that belongs to the release."""
    if not change.service_name:
        return ()
    metadata = {"name": change.service_name, "namespace": change.namespace}
    return ({"kind": "Service", "metadata": metadata},)
