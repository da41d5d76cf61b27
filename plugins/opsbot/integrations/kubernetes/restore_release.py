"""Apply the saved objects of a release again, to the last field, and follow the rollout.

What OPS Bot itself applied comes back as it was saved. What the pods need and others keep, such as
a password that is changed every month, is made again where it is gone and is left as it is where
it is there: an old password would lock the application out.
"""

from collections.abc import Iterator

from opsbot.capabilities.kubernetes.change import Change
from opsbot.capabilities.kubernetes.restore_release import RestoreRelease
from opsbot.integrations.kubernetes import backup as backups
from opsbot.integrations.kubernetes import objects, owners, rolling, spec_proof
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.wanted import Wanted, without_foreign_replicas
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.progress import Say


def plan(cluster: Cluster, params: Change, annotations: dict[str, str], backup: Backup) -> Wanted:
    """Return the saved objects as they are to be; `Refused` if they are another release's.

    The number of replicas is left to an autoscaler that owns it now.
    """
    _refuse_foreign(params, backup)
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    kept = [each for each in backup.needed if _kept_by_others(cluster, each)]
    manifests = (
        without_foreign_replicas(_annotated(each, annotations), live)
        for each in backup.everything
        if each not in kept
    )
    return Wanted(
        manifests=objects.in_order(manifests),
        forced=True,
        exact=True,
        may_adopt=params.adopt_from,
        left=tuple(_left(cluster, kept)),
    )


def run(cluster: Cluster, params: RestoreRelease, *, backup: Backup, say: Say) -> DeployOutput:
    """Restore, and return what runs then."""
    return rolling.to_the_end(cluster, params, plan(cluster, params, {}, backup), say=say)


def _kept_by_others(cluster: Cluster, saved: Json) -> bool:
    """Tell whether an object is there and nothing of it was applied by OPS Bot."""
    live = cluster.find(saved["kind"], objects.namespace_of(saved), objects.name_of(saved))
    if live is None:
        return False
    return not owners.ours(live)


def _left(cluster: Cluster, kept: list[Json]) -> Iterator[str]:
    """Say which of the objects that stay are not as they were saved."""
    for proof in spec_proof.compare(cluster, kept):
        if not proof.equal:
            fields = "; ".join(proof.differences)
            yield f"{proof.object} differs from the backup and is left as it is: {fields}"


def _refuse_foreign(params: Change, backup: Backup) -> None:
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
