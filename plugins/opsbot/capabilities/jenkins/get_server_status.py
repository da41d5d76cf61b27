"""Say which Jenkins this is, whether it starts builds, and as whom OPS Bot comes."""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetServerStatus(Value):
    """The connection says which server."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_server_status",
    params=GetServerStatus,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get the server's status",
    what_it_does="Reads version, user and whether Jenkins is about to shut down",
)
