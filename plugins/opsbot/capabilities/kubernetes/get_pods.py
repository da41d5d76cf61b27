"""List an application's pods; as a check, demand that every replica runs the deployed version.

Pods that are being deleted do not count: they belong to the version that leaves.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetPods(Value):
    """Whose pods."""

    namespace: str
    label_selector: str
    field_selector: str = "status.phase=Running"
    must_be_ready: bool = True
    """Whether a pod that is not ready fails the step; else it is told why it is not."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="get_pods",
    params=GetPods,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    checks=("must_be_ready",),
    summary="List pods",
    what_it_does="Lists pods, checks if all replicas are running, verifies pod health",
)
