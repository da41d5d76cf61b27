"""Check an application's service: its endpoints, and its answers where it can be reached.

Endpoints are those that EndpointSlices call ready and that belong to the deployed version's pods.
A version may start well and die a moment later, when its rollout is complete already; so a check
goes on watching for a while.
"""

from typing import Self

from pydantic import Field, model_validator

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Compliance, Risk, ServerKind


class GetService(Value):
    """Which service, and what it must answer."""

    service_name: str
    namespace: str
    verify_endpoints: bool = True
    """Whether missing endpoints, failed requests or restarts fail the step; else they are told."""
    health_path: str = "/health"
    observe_seconds: int = Field(default=0, ge=0, le=3600)
    """How long to go on asking the service and watching its pods."""

    @model_validator(mode="after")
    def _an_answer_is_one_look(self) -> Self:
        if self.observe_seconds and not self.verify_endpoints:
            raise ValueError(
                "only a check goes on observing; leave observe_seconds out beside "
                "verify_endpoints: false"
            )
        return self


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="get_service",
    params=GetService,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    checks=("verify_endpoints",),
    proves=(Compliance.MONITORING_ENABLED,),
    summary="Get service details",
    what_it_does=(
        "Verifies service is accessible, checks endpoint configuration, validates traffic routing"
    ),
)
