"""Read which Jenkins this is, whether it starts builds, and as whom OPS Bot comes."""

from opsbot.capabilities.jenkins.get_server_status import GetServerStatus
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class ServerStatus(Value):
    """A Jenkins at one moment."""

    url: str
    version: str
    """Empty: it does not say."""
    session: str
    """New at each start of the server: after a change, queue items that left are forgotten."""
    quieting_down: bool
    """Whether it is about to shut down: builds are queued and do not start."""
    user: str
    authenticated: bool


def run(client: JenkinsClient, params: GetServerStatus, *, say: Say) -> ServerStatus:
    """Return what the server says of itself and of the connection's user."""
    response = client.ask("", "quietingDown")
    who = client.find("whoAmI/", "name,authenticated,anonymous")
    if response is None or who is None:
        raise StepFailed(
            f"{client.server.base_url} answers like no Jenkins (404 for api/json or whoAmI). "
            "Correct host, port or path of the connection."
        )
    version = one_line(response.headers.get("X-Jenkins"), 50)
    session = one_line(response.headers.get("X-Jenkins-Session"), 50)
    quieting = bool(client.object_of(response).get("quietingDown"))
    say(f"Jenkins {version or 'of an unknown version'}{', about to shut down' if quieting else ''}")
    return ServerStatus(
        url=client.server.base_url,
        version=version,
        session=session,
        quieting_down=quieting,
        user=one_line(who.get("name")),
        authenticated=who.get("authenticated") is True and who.get("anonymous") is not True,
    )
