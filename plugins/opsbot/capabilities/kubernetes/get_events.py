"""List what the cluster has noted about a Deployment, its ReplicaSets and its pods.

Some troubles show nowhere else: a volume whose ConfigMap is missing leaves its pod at
`ContainerCreating` without a reason. A cluster keeps events for an hour, unless told otherwise.
"""

from typing import Literal

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetEvents(Value):
    """Whose events, and how many."""

    deployment_name: str
    namespace: str
    type: Literal["Warning", "Normal"] = "Warning"
    limit: int = Field(default=20, ge=1, le=200)
    """The latest of them; how many more there are is told."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="get_events",
    params=GetEvents,
    risk=Risk.LOW,
    duration=Span(min=0, max=10),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List events",
    what_it_does="Lists the latest events about a Deployment, its ReplicaSets and its pods",
)
