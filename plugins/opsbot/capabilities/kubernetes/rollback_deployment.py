"""Go back to an earlier version of a Deployment.

A version that the cluster still keeps is found among the Deployment's ReplicaSets when the change
is previewed, and is named by its pod template from then on: revision numbers move. One that it has
dropped (`revisionHistoryLimit`), or whose Deployment was deleted, comes back from its backup.
"""

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.kubernetes.change import LiveChange
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class RollbackDeployment(LiveChange):
    """Where to go back to."""

    release: str = Field(
        default="previous",
        pattern=r"^(previous|revision [0-9]{1,9}|version [A-Za-z0-9._+-]{1,128}"
        r"|backup [A-Za-z0-9._/-]{1,400})$",
    )
    """`previous`, `revision 4`, `version 1.2.0` or `backup NAME`."""
    tag: str = ""
    """Image tag under which that version was deployed, where a version is named."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="rollback_deployment",
    params=RollbackDeployment,
    risk=Risk.HIGH,
    duration=Span(min=5, max=180),
    changes=True,
    undo="apply the objects of the backup that was taken before",
    summary="Go back to an earlier release",
    what_it_does=(
        "Applies the pod template of an earlier release that the cluster still keeps, or the "
        "objects of a backup, and waits until all replicas run it"
    ),
)
