"""Projects that are there, and judged by their gate, before they are first analysed.

An analysis is judged by the gate that is selected when its report arrives, and a first analysis of
an unknown project makes it, under the server's default gate. So the project comes first, then its
gate, then the scan.
"""

from opsbot.integrations.sonarqube import gates
from opsbot.integrations.sonarqube.client import BadRequest, NotFound, SonarClient
from opsbot.integrations.sonarqube.findings import words
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import Say


def provide(client: SonarClient, key: str, gate: str, say: Say) -> None:
    """Make a project unless it is there, and let the gate judge it from its next analysis on."""
    if not _is_there(client, key):
        _make(client, key)
        say(f"Made the project {key}.")
    before = gates.name(client, key)
    if before == gate:
        say(f"{key} is judged by {gate!r} already.")
        return
    needs = "Administer on the project, or Administer Quality Gates"
    client.post("qualitygates/select", needs=needs, gateName=gate, projectKey=key)
    if (now := gates.name(client, key)) != gate:
        raise StepFailed(f"SonarQube judges {key} by {words(now)!r}, though {gate!r} was selected.")
    say(f"From its next analysis on, {key} is judged by {gate!r} (before: {words(before)!r}).")


def _is_there(client: SonarClient, key: str) -> bool:
    try:
        client.get("components/show", component=key)
    except NotFound:
        return False
    return True


def _make(client: SonarClient, key: str) -> None:
    try:
        client.post("projects/create", needs="Create Projects", project=key, name=key)
    except BadRequest as problem:
        raise StepFailed(
            f"{problem} Correct the project's key where the application is described."
        ) from None
