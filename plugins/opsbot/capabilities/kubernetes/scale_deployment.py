"""Change how many replicas a Deployment runs.

By server-side apply with our own field manager: where an autoscaler owns the number, that is a
conflict which names it, and nothing is taken from it.
"""

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.kubernetes.change import LiveChange
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class ScaleDeployment(LiveChange):
    """How many."""

    replicas: int = Field(ge=1)


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="scale_deployment",
    params=ScaleDeployment,
    risk=Risk.MEDIUM,
    duration=Span(min=10, max=120),
    changes=True,
    undo="apply the objects of the backup that was taken before, with their number of replicas",
    summary="Scale a Deployment",
    what_it_does="Sets the number of replicas and waits until exactly so many are available",
)
