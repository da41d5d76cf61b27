"""Lists that come in pages: `p` counts from 1, `ps` is at most 500, and 10,000 is the end."""

from typing import Any

from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.errors import StepFailed

LARGEST_PAGE = 500
MOST = 10_000
"""SonarQube's searches give no more."""


def listed(
    client: SonarClient, call: str, field: str, most: int, **parameters: str
) -> tuple[list[dict[str, Any]], int]:
    """Return the first entries of a list, each once, and how many there are in all."""
    size = min(LARGEST_PAGE, max(1, most))
    found: dict[str, dict[str, Any]] = {}
    for page in range(1, max(1, -(-most // size)) + 1):
        answer = client.get(call, **parameters, ps=str(size), p=str(page))
        batch = answer.get(field) or []
        found |= {str(each.get("key")): each for each in batch}
        total = _total(answer, call)
        if not batch or len(found) >= total:
            break
    return list(found.values())[:most], total


def _total(answer: dict[str, Any], call: str) -> int:
    try:
        return int((answer.get("paging") or answer)["total"])
    except (KeyError, TypeError, ValueError):
        raise StepFailed(f"SonarQube answered {call} without saying how many there are.") from None
