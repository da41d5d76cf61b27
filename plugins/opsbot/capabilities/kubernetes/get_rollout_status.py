"""Say how far the newest rollout of a Deployment is, as it stands now.

As `kubectl rollout status` says it, but without waiting: one look, and the reason if it is stuck.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetRolloutStatus(Value):
    """Whose rollout."""

    deployment_name: str
    namespace: str


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="get_rollout_status",
    params=GetRolloutStatus,
    risk=Risk.LOW,
    duration=Span(min=0, max=10),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get rollout status",
    what_it_does="Tells whether the newest rollout is complete, goes on or is stuck, and why",
)
