"""Go back to an earlier version of a Deployment that the cluster still keeps.

The version is found among the Deployment's ReplicaSets when the change is previewed, and is named
by its pod template from then on: revision numbers move. A ReplicaSet that the cluster has dropped
(`revisionHistoryLimit`) cannot be gone back to; deploy that version instead.
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
        pattern=r"^(previous|revision [0-9]{1,9}|version [A-Za-z0-9._+-]{1,128})$",
    )
    """`previous`, `revision 4` or `version 1.2.0`."""
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
        "Applies the pod template of an earlier release that the cluster still keeps and waits "
        "until all replicas run it"
    ),
)
