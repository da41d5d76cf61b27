"""Set the number of replicas, and wait until exactly so many are available."""

from opsbot.capabilities.kubernetes.scale_deployment import ScaleDeployment
from opsbot.integrations.kubernetes import rolling, wanted
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.progress import Say


def plan(cluster: Cluster, params: ScaleDeployment, annotations: dict[str, str]) -> Wanted:
    """Return the live Deployment with the wanted number of replicas.

    The number is stated even where an autoscaler owns it: the API server then answers with a
    conflict that names the owner.
    """
    live = wanted.live_deployment(cluster, params)
    manifest = wanted.changed(live, annotations)
    spec = {**manifest["spec"], "replicas": params.replicas}
    return Wanted(
        manifests=({**manifest, "spec": spec},),
        beside=wanted.service_of(params),
        may_adopt=params.adopt_from,
    )


def run(cluster: Cluster, params: ScaleDeployment, *, say: Say) -> DeployOutput:
    """Scale, and return what runs then."""
    return rolling.to_the_end(cluster, params, plan(cluster, params, {}), say=say)
