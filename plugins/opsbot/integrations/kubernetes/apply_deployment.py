"""Apply a release, rendered from the organisation's manifests, and follow its rollout."""

from collections.abc import Sequence

from opsbot.capabilities.kubernetes.apply_deployment import ApplyDeployment
from opsbot.integrations.kubernetes import rolling
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.patience import SYSTEM
from opsbot.integrations.kubernetes.release import Manifest
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.progress import Say


def run(
    cluster: Cluster,
    params: ApplyDeployment,
    manifests: Sequence[Manifest],
    *,
    say: Say,
    clock: Clock = SYSTEM,
) -> DeployOutput:
    """Apply the objects, wait for the rollout, and return what runs then."""
    wanted = Wanted(manifests=tuple(manifests))
    return rolling.to_the_end(cluster, params, wanted, say=say, clock=clock)
