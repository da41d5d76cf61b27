"""What every change of a running Deployment needs to know: which one, and how it is judged."""

from pydantic import Field

from opsbot.vocabulary.model import Value


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


class LiveChange(Change):
    """A change that starts from what runs, instead of from the organisation's manifests."""

    service_name: str = ""
    """Service that is saved with the release; empty where there is none."""
