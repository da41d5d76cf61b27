"""The resources that are served, and how their paths name them."""

from dataclasses import dataclass

from opsbot.sandbox.kubernetes.problems import Json


@dataclass(frozen=True)
class Resource:
    """One kind of object: how it is spelled in paths, bodies and messages."""

    plural: str
    kind: str
    group: str = ""
    namespaced: bool = True
    subresources: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    counts_generations: bool = False

    @property
    def api_version(self) -> str:
        """The `apiVersion` of its objects."""
        return f"{self.group}/v1" if self.group else "v1"

    @property
    def singular(self) -> str:
        """Its name in the discovery document."""
        return self.kind.lower()


@dataclass(frozen=True)
class Target:
    """What a path points to; without a name it is a collection."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""


def target_of(resource: Resource, stored: Json) -> Target:
    """Point to a stored object."""
    metadata = stored["metadata"]
    return Target(resource, metadata.get("namespace", ""), metadata["name"])


DEPLOYMENTS = Resource(
    "deployments", "Deployment", "apps", True, ("status", "scale"), ("deploy",), True
)
REPLICA_SETS = Resource("replicasets", "ReplicaSet", "apps", True, ("status",), ("rs",), True)
PODS = Resource("pods", "Pod", "", True, ("status", "log"), ("po",), True)
SERVICES = Resource("services", "Service", "", True, ("status",), ("svc",))
CONFIG_MAPS = Resource("configmaps", "ConfigMap", "", True, (), ("cm",))
SECRETS = Resource("secrets", "Secret")
NAMESPACES = Resource("namespaces", "Namespace", "", False, ("status",), ("ns",))
EVENTS = Resource("events", "Event", "", True, (), ("ev",))
ENDPOINT_SLICES = Resource(
    "endpointslices", "EndpointSlice", "discovery.k8s.io", True, (), (), True
)
LEASES = Resource("leases", "Lease", "coordination.k8s.io")

RESOURCES = (
    DEPLOYMENTS,
    REPLICA_SETS,
    PODS,
    SERVICES,
    CONFIG_MAPS,
    SECRETS,
    NAMESPACES,
    EVENTS,
    ENDPOINT_SLICES,
    LEASES,
)
BY_PATH = {(resource.group, resource.plural): resource for resource in RESOURCES}
BY_KIND = {(resource.api_version, resource.kind): resource for resource in RESOURCES}
GROUPS = ("apps", "discovery.k8s.io", "coordination.k8s.io", "authorization.k8s.io")
