"""Replace all pods of a Deployment by fresh ones, as `kubectl rollout restart` does."""

from datetime import UTC, datetime

from opsbot.capabilities.kubernetes.restart_deployment import RestartDeployment
from opsbot.integrations.kubernetes import rolling, wanted
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.progress import Say

RESTARTED_FOR = "opsbot/restarted-for"
"""Annotation of the pod template; another value is another version, which starts new pods."""


def plan(
    cluster: Cluster, params: RestartDeployment, annotations: dict[str, str], cause: str
) -> Wanted:
    """Return the live Deployment with `cause` on its pod template; one cause restarts once."""
    live = wanted.live_deployment(cluster, params)
    manifest = wanted.changed(live, annotations)
    template = manifest["spec"].get("template") or {}
    metadata = dict(template.get("metadata") or {})
    metadata["annotations"] = {**(metadata.get("annotations") or {}), RESTARTED_FOR: cause}
    spec = {**manifest["spec"], "template": {**template, "metadata": metadata}}
    return Wanted(
        manifests=({**manifest, "spec": spec},),
        beside=wanted.service_of(params),
        may_adopt=params.adopt_from,
    )


def run(cluster: Cluster, params: RestartDeployment, *, say: Say) -> DeployOutput:
    """Restart, and return what runs then."""
    cause = datetime.now(UTC).isoformat(timespec="seconds")
    return rolling.to_the_end(cluster, params, plan(cluster, params, {}, cause), say=say)
