"""Apply the saved objects of a release again, to the last field, and follow the rollout."""

from opsbot.capabilities.kubernetes.restore_release import RestoreRelease
from opsbot.integrations.kubernetes import backup as backups
from opsbot.integrations.kubernetes import rolling
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted, without_foreign_replicas
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.progress import Say


def plan(
    cluster: Cluster, params: RestoreRelease, annotations: dict[str, str], backup: Backup
) -> Wanted:
    """Return the saved objects as they are to be; `Refused` if they are another release's.

    The number of replicas is left to an autoscaler that owns it now.
    """
    _refuse_foreign(params, backup)
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    manifests = (_annotated(each, annotations) for each in backup.objects)
    return Wanted(
        manifests=tuple(without_foreign_replicas(each, live) for each in manifests), forced=True
    )


def run(cluster: Cluster, params: RestoreRelease, *, backup: Backup, say: Say) -> DeployOutput:
    """Restore, and return what runs then."""
    return rolling.to_the_end(cluster, params, plan(cluster, params, {}, backup), say=say)


def _refuse_foreign(params: RestoreRelease, backup: Backup) -> None:
    backups.refuse_altered(backup)
    if (backup.deployment, backup.namespace) != (params.deployment_name, params.namespace):
        raise Refused(
            f"The backup is of {backup.deployment!r} in {backup.namespace!r}, not of "
            f"{params.deployment_name!r} in {params.namespace!r}. Nothing was changed."
        )
    if backup.first_deploy:
        raise Refused(
            f"The backup of {backup.deployment!r} was taken before its first deploy and holds no "
            "version. Nothing was changed."
        )


def _annotated(manifest: Json, annotations: dict[str, str]) -> Json:
    """Mark the saved Deployment with what restores it; its pods stay as they were saved."""
    if manifest["kind"] != "Deployment" or not annotations:
        return manifest
    metadata = dict(manifest["metadata"])
    metadata["annotations"] = {**metadata.get("annotations", {}), **annotations}
    return {**manifest, "metadata": metadata}
