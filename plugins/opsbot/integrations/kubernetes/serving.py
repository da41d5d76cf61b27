"""Whether a Deployment's present version really serves: scaled, ready, reached."""

from opsbot.integrations.kubernetes import endpoints, objects, replica_sets
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.verification import containers, versions
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value


class Serving(Value):
    """A Deployment's present version at one moment."""

    template_hash: str
    wanted: int
    scaled: int
    """Replicas that its ReplicaSet is to have."""
    others: int
    """Replicas that the ReplicaSets of other versions are to have."""
    running: tuple[str, ...]
    """Its pods that are not being deleted."""
    ready: tuple[str, ...]
    superseded: tuple[Json, ...]
    """The ReplicaSets of other versions."""

    @property
    def settled(self) -> bool:
        """Whether the controller wants this version at full size and no other."""
        return self.scaled == self.wanted and self.others == 0

    @property
    def words(self) -> str:
        """Say how far it is."""
        others = f", {self.others} of other versions wanted" if self.others else ""
        return f"{len(self.ready)}/{self.wanted} pods of {self.template_hash} ready{others}"


def look(cluster: Cluster, namespace: str, name: str) -> Serving:
    """Read the present version of a Deployment."""
    deployment = cluster.find("Deployment", namespace, name)
    if deployment is None:
        raise StepFailed(f"Deployment {name!r} in {namespace!r} is gone. Look at the cluster.")
    sets = replica_sets.of_deployment(cluster, deployment)
    current = versions.current(deployment, sets)
    pods = replica_sets.pods_of(cluster, deployment, current) if current else ()
    staying = [pod for pod in pods if not objects.is_leaving(pod)]
    others = tuple(each for each in sets if current is None or not _same(each, current))
    return Serving(
        template_hash=versions.template_hash(current) if current else "",
        wanted=deployment["spec"].get("replicas", 1),
        scaled=current["spec"].get("replicas", 1) if current else 0,
        others=sum(each["spec"].get("replicas", 1) for each in others),
        running=tuple(objects.name_of(pod) for pod in staying),
        ready=tuple(objects.name_of(pod) for pod in staying if containers.is_ready(pod)),
        superseded=others,
    )


def reached(cluster: Cluster, namespace: str, services: tuple[str, ...], pods: Serving) -> int:
    """Return how many of the ready pods every one of the services sends requests to."""
    counts = [endpoints.count(cluster, namespace, each, pods.ready) for each in services]
    return min(counts, default=len(pods.ready))


def _same(one: Json, other: Json) -> bool:
    return bool(one["metadata"]["uid"] == other["metadata"]["uid"])
