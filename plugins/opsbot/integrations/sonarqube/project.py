"""A project as it is now: whether it was analysed, and whether it stayed so while it was read.

What a project shows is always of its last successful analysis. A report that is waiting, and one
that could not be analysed, leave it as it was; so what is read may be older than the sources.
"""

from typing import Any

from opsbot.capabilities.sonarqube.project_names import OfProject
from opsbot.integrations.sonarqube import findings
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class Reading(Value):
    """What was read, of which analysis."""

    project_key: str
    branch: str | None
    analysed_at: str | None
    """As SonarQube writes it: `2026-11-23T05:15:58+0000`. None: never."""


class Project(Reading):
    """A project or one branch of it."""

    @property
    def scope(self) -> dict[str, str]:
        """The branch as a parameter of calls that take one."""
        return {"branch": self.branch} if self.branch else {}


def find(client: SonarClient, params: OfProject) -> Project:
    """Return a project, analysed or not; `StepFailed` where there is none, or none to be seen."""
    scope = {"branch": params.branch} if params.branch else {}
    found = client.get("components/show", component=params.project_key, **scope)
    component = found.get("component") or {}
    if component.get("key") != params.project_key:
        raise StepFailed(
            f"SonarQube was asked for the project {params.project_key!r} and showed "
            f"{findings.words(component.get('key'))!r}."
        )
    return Project(
        project_key=params.project_key,
        branch=params.branch,
        analysed_at=component.get("analysisDate"),
    )


def analysed(client: SonarClient, params: OfProject, say: Say) -> Project:
    """Return a project that has something to read; `StepFailed` where nothing was measured."""
    found = find(client, params)
    if found.analysed_at is None:
        raise StepFailed(
            f"{params.project_key} was never analysed, so nothing of it is measured. Run the "
            "SonarQube scanner on it."
        )
    if newer := newer_report(client, found):
        say(f"{newer} What is read is of {found.analysed_at}.")
    return found


def newer_report(client: SonarClient, project: Project) -> str | None:
    """Say what became of a report newer than the last analysis, or None if there is none."""
    found = client.get("ce/component", component=project.project_key)
    waiting = [each for each in found.get("queue") or [] if _is_of(each, project)]
    if waiting:
        return f"A newer report of {project.project_key} is being analysed."
    current = found.get("current") or {}
    if current.get("status") in ("FAILED", "CANCELED") and _is_of(current, project):
        problem = findings.words(current.get("errorMessage") or current["status"].lower())
        return f"The newest report of {project.project_key} could not be analysed: {problem}"
    return None


def require_unchanged(client: SonarClient, project: Project) -> None:
    """Fail if another analysis came while a project was read."""
    params = OfProject(project_key=project.project_key, branch=project.branch)
    if find(client, params).analysed_at != project.analysed_at:
        raise StepFailed(
            f"{project.project_key} was analysed again while it was read, so the numbers are of "
            "two analyses. Ask again."
        )


def _is_of(task: dict[str, Any], project: Project) -> bool:
    named = task.get("branch")
    return named is None or project.branch is None or named == project.branch
