"""List the projects that the token's user may browse; others are not there for it."""

from typing import Any

from opsbot.capabilities.sonarqube.list_projects import ListProjects
from opsbot.integrations.sonarqube import findings, pages
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class ListedProject(Value):
    """A project in a list."""

    key: str
    name: str
    visibility: str
    """public or private."""
    analysed_at: str | None
    """None: never analysed, nothing of it is measured."""


class Projects(Value):
    """Projects by name."""

    projects: tuple[ListedProject, ...]
    total: int
    left_off: int
    """Further ones, beyond the limit."""


def run(client: SonarClient, params: ListProjects, *, say: Say) -> Projects:
    """Return the projects, by name."""
    wanted = {"filter": f"alert_status={params.quality_gate}"} if params.quality_gate else {}
    found, total = pages.listed(
        client,
        "components/search_projects",
        "components",
        params.limit,
        f="analysisDate",
        **wanted,
    )
    say(f"The connection's user sees {total} projects in SonarQube.")
    return Projects(
        projects=tuple(_project(each) for each in found),
        total=total,
        left_off=total - len(found),
    )


def _project(found: dict[str, Any]) -> ListedProject:
    return ListedProject(
        key=findings.words(found.get("key")),
        name=findings.words(found.get("name")),
        visibility=findings.words(found.get("visibility")),
        analysed_at=found.get("analysisDate"),
    )
