"""Check an application's service: its endpoints, and its answers where it can be reached.

Endpoints are those that EndpointSlices call ready and that belong to the deployed version's pods.
"""

from typing import Literal

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Compliance, Risk, ServerKind


class GetService(Value):
    """Which service, and what it must answer."""

    service_name: str
    namespace: str
    verify_endpoints: Literal[True] = True
    health_path: str = "/health"


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="get_service",
    params=GetService,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    proves=(Compliance.MONITORING_ENABLED,),
    summary="Get service details",
    what_it_does=(
        "Verifies service is accessible, checks endpoint configuration, validates traffic routing"
    ),
)
