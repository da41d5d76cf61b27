"""Ask a SonarQube how it is.

`system/status` is open to everybody; while the server starts or migrates it says so, and answers
little else. Whether the parts behind it are well (`system/health`) is told to administrators
alone; to others it is "not measured".
"""

from typing import Any, Literal

from opsbot.capabilities.sonarqube.get_server_health import GetServerHealth
from opsbot.integrations.sonarqube import findings
from opsbot.integrations.sonarqube.client import NotAllowed, SonarClient
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

MOST_CAUSES = 10
Token = Literal["valid", "invalid", "not_measured"]


class ServerHealth(Value):
    """How the server is."""

    status: str
    """STARTING, UP, DOWN, RESTARTING, DB_MIGRATION_NEEDED or DB_MIGRATION_RUNNING."""
    version: str
    token: Token
    health: str
    """GREEN, YELLOW, RED or not_measured."""
    causes: tuple[str, ...]
    """Why it is not GREEN."""


def run(client: SonarClient, params: GetServerHealth, *, say: Say) -> ServerHealth:
    """Return the server's health; `TryAgain` where nobody answers."""
    found = client.get("system/status")
    status = findings.words(found.get("status"))
    # While it starts, other calls than this one are not answered.
    validity = _token(client) if status == "UP" else "not_measured"
    health = _health(client) if validity == "valid" else {}
    word = findings.words(health.get("health", "not_measured"))
    say(f"SonarQube is {status}; its health is {word.replace('_', ' ')}.")
    return ServerHealth(
        status=status,
        version=findings.words(found.get("version")),
        token=validity,
        health=word,
        causes=tuple(_cause(each) for each in (health.get("causes") or [])[:MOST_CAUSES]),
    )


def _token(client: SonarClient) -> Token:
    # A wrong token gets a 200 as well; only this word tells.
    valid = client.get("authentication/validate").get("valid")
    return "valid" if valid is True else "invalid"


def _health(client: SonarClient) -> dict[str, Any]:
    try:
        return client.get("system/health")
    except NotAllowed:
        return {}


def _cause(found: Any) -> str:
    return findings.words(found.get("message") if isinstance(found, dict) else found)
