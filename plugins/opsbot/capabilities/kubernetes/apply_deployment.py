"""Apply an application's manifests by digest and watch the rolling update to its end.

Server-side apply with an own field manager: safe to repeat, and never forced, so a field that
belongs to somebody else is a conflict with a name, not a silent takeover.
"""

from typing import Literal

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.kubernetes.change import Change
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class ApplyDeployment(Change):
    """What to apply."""

    image: str
    """Repository with tag; what is deployed is the digest that verify_image found behind it."""
    replicas: int = Field(ge=1)
    strategy: Literal["RollingUpdate"] = "RollingUpdate"
    max_unavailable: int = 0
    max_surge: int = 1
    pre_stop_seconds: int = Field(default=0, ge=0)
    """Seconds of a `preStop` sleep for the container, if its manifest has no `preStop`."""
    manifests_sha256: str
    """Of the organisation's manifests when the plan was made; other manifests are refused."""


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="apply_deployment",
    params=ApplyDeployment,
    risk=Risk.HIGH,
    duration=Span(min=120, max=180),
    changes=True,
    undo="apply the objects of the backup that was taken before, by the same field manager",
    summary="Deploy application",
    what_it_does=(
        "Applies Kubernetes deployment manifest, creates/updates deployment, "
        "performs rolling update with zero downtime"
    ),
)
