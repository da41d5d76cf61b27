"""What every change of a running Deployment needs to know: which one, and how it is judged."""

from pydantic import Field

from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Keeper


class Change(Value):
    """Whose release is changed, and when its rollout is given up."""

    deployment_name: str
    namespace: str
    container: str
    """The application's own container among those of the pod."""
    restarts_before_abort: int = Field(default=3, ge=1)
    """Ends of one container that abort the rollout."""
    rollout_deadline: int = Field(default=300, ge=1)
    """Seconds without progress."""
    adopt_from: tuple[Keeper, ...] = ()
    """Whose objects may be changed: those that Helm, Argo CD, Flux or an operator keeps are left
    alone otherwise, and those that kubectl made are taken over only where a person approves."""


class LiveChange(Change):
    """A change that starts from what runs, instead of from the organisation's manifests."""

    service_name: str = ""
    """Service that is saved with the release; empty where there is none."""
