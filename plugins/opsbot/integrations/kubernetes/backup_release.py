"""Save a release as it runs now, proven as the backup before a change is."""

from opsbot.capabilities.kubernetes.backup_release import BackupRelease
from opsbot.integrations.kubernetes import backup, objects
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import Say


def run(cluster: Cluster, params: BackupRelease, *, say: Say) -> Backup:
    """Return the backup; fail if there is nothing to save, or if it could not be restored."""
    live = cluster.find("Deployment", params.namespace, params.deployment_name)
    if live is None:
        raise StepFailed(
            f"Deployment {params.deployment_name!r} is not in namespace {params.namespace!r}: "
            "there is nothing to save. Check both names."
        )
    return backup.take(cluster, params.namespace, _saved(params, objects.cleaned(live)), say)


def _saved(params: BackupRelease, deployment: objects.Json) -> Wanted:
    """Name the objects of the release; a Service that is not there is left out of the backup."""
    metadata = {"name": params.service_name, "namespace": params.namespace}
    service = {"kind": "Service", "metadata": metadata}
    return Wanted(manifests=(deployment,), beside=(service,) if params.service_name else ())
