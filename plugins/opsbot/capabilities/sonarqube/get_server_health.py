"""Ask whether SonarQube is up, knows the connection's token, and calls itself healthy."""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetServerHealth(Value):
    """Nothing to choose: the connection names the server."""


CAPABILITY = Capability(
    server=ServerKind.SONARQUBE,
    name="get_server_health",
    params=GetServerHealth,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Check SonarQube's health",
    what_it_does="Asks SonarQube for its status, its version and its health",
)
