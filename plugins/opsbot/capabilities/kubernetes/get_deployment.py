"""Say which version of an application a Deployment wants, and how much of it is there.

That there is no such Deployment is an answer as well: the application is not deployed.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetDeployment(Value):
    """Which one."""

    deployment_name: str
    namespace: str


CAPABILITY = Capability(
    server=ServerKind.KUBERNETES,
    name="get_deployment",
    params=GetDeployment,
    risk=Risk.LOW,
    duration=Span(min=0, max=10),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a Deployment",
    what_it_does="Reads images, replicas and revision of a Deployment, and how many are available",
)
