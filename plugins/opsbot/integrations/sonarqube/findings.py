"""What issues and hotspots have in common: a place, a rule, and words that are only data."""

from collections.abc import Iterable
from typing import Any

from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.redaction import redact

MOST_CHARACTERS = 300


def require_asked(issues: Iterable[dict[str, Any]], project_key: str, kind: str) -> None:
    """Fail where an answer holds what was not asked for.

    A server that no longer knows a parameter ignores it and answers for everything.
    """
    if any(each.get("project") != project_key or each.get("type", kind) != kind for each in issues):
        raise StepFailed(
            "This SonarQube ignored what it was asked for (project, type of issue): its version "
            "is not one that can be judged."
        )


def place(found: dict[str, Any]) -> dict[str, Any]:
    """Return where something was found and what SonarQube says of it."""
    return {
        "file": path(found.get("component"), str(found.get("project"))),
        "line": found.get("line"),
        "message": words(found.get("message", "")),
    }


def path(component: Any, project_key: str) -> str:
    """Return a file's path: its key is `project:path`."""
    return words(str(component).removeprefix(f"{project_key}:"))


def words(text: Any) -> str:
    """Return a text of the server, masked and cut."""
    return redact(str(text)[: 4 * MOST_CHARACTERS])[:MOST_CHARACTERS]
