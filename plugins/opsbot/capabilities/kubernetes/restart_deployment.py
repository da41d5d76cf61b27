"""Replace every pod of a Deployment by a fresh one of the same version.

As `kubectl rollout restart` does it: an annotation of the pod template changes, and the rolling
update keeps the service up. The annotation names the plan, so a retry restarts nothing twice.
"""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.kubernetes.change import LiveChange
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class RestartDeployment(LiveChange):
    """Whose pods."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="restart_deployment",
    params=RestartDeployment,
    risk=Risk.MEDIUM,
    duration=Span(min=30, max=180),
    changes=True,
    undo="apply the objects of the backup that was taken before; running pods are not stopped",
    summary="Restart a Deployment's pods",
    what_it_does="Replaces all pods one after the other by fresh ones of the same version",
)
