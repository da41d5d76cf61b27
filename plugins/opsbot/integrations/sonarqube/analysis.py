"""One analysis: waiting for the server to finish it, and staying with it.

A scanner only uploads a report; the server then works on it as a task and names the analysis when
the task has succeeded. Measures and issues cannot be asked for by analysis, only for a project as
it is now. So before and after they are read, the project's newest analysis must be ours and no
other may be under way: otherwise the numbers could be another commit's. And the analysis itself
must be of the commit that is to be released: a branch may have moved between build and tests.
"""

from typing import Any

from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.findings import words
from opsbot.integrations.waiting import until
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

RECENT = 100
"""Analyses among which ours is looked for: it has only now been made."""


class Analysis(Value):
    """A finished analysis of a project."""

    id: str
    project_key: str
    branch: str | None = None
    """The branch as SonarQube names it; None on editions that have but one."""

    @property
    def scope(self) -> dict[str, str]:
        """The branch as a parameter of calls that take one."""
        return {"branch": self.branch} if self.branch else {}


def of_commit(
    client: SonarClient, task_id: str, project_key: str, commit: str | None, say: Say
) -> Analysis:
    """Return the analysis of a task, once it is finished; `StepFailed` if of another commit.

    The scanner tells SonarQube the commit where it finds a git repository; where it does not, or
    no commit is to be released, there is nothing to compare.
    """
    found = wait_for(client, task_id, project_key, say)
    if commit is None:
        return found
    revision = _described(client, found).get("revision")
    if revision is None:
        say(f"SonarQube was not told which commit analysis {found.id} is of.")
    elif revision != commit:
        raise StepFailed(
            f"Analysis {found.id} of {project_key} is of commit {words(revision)}, and commit "
            f"{commit} is to be released. Did the branch move after the build? Run it again."
        )
    return found


def _described(client: SonarClient, analysis: Analysis) -> dict[str, Any]:
    found = client.get(
        "project_analyses/search",
        project=analysis.project_key,
        ps=str(RECENT),
        **analysis.scope,
    )
    known = found.get("analyses") or []
    return next((each for each in known if each.get("key") == analysis.id), {})


def wait_for(client: SonarClient, task_id: str, project_key: str, say: Say) -> Analysis:
    """Return the analysis of a task once the server has finished it."""
    told: list[str] = []

    def look() -> dict[str, Any] | None:
        task: dict[str, Any] = client.get("ce/task", id=task_id).get("task") or {}
        status = str(task.get("status"))
        if status not in ("PENDING", "IN_PROGRESS"):
            return task
        if status not in told:
            told.append(status)
            say(f"SonarQube's analysis of {project_key} is {status.lower().replace('_', ' ')}.")
        return None

    task = until(look, client.patience, client.clock)
    if task is None:
        raise StepFailed(
            f"SonarQube did not finish the analysis of {project_key} (task {task_id}) within "
            f"{client.patience.total:.0f} s. Is its Compute Engine busy or stuck?"
        )
    return _finished(task, task_id, project_key)


def _finished(task: dict[str, Any], task_id: str, project_key: str) -> Analysis:
    if task.get("componentKey") != project_key:
        raise Refused(
            f"The analysis task {task_id} is of the project {words(task.get('componentKey'))!r}, "
            "not of "
            f"{project_key!r}. Does the test job scan with the right sonar.projectKey?"
        )
    match task.get("status"):
        case "SUCCESS" if task.get("analysisId"):
            return Analysis(
                id=str(task["analysisId"]), project_key=project_key, branch=task.get("branch")
            )
        case "FAILED":
            reason = words(task.get("errorMessage", "no reason given"))
            raise StepFailed(f"SonarQube could not analyse {project_key}: {reason}")
        case "CANCELED":
            raise StepFailed(
                f"The analysis of {project_key} was cancelled in SonarQube. Test it again."
            )
        case other:
            raise StepFailed(f"SonarQube's analysis of {project_key} ended as {words(other)!r}.")


def require_newest(client: SonarClient, analysis: Analysis) -> None:
    """Fail unless what the project shows now is this analysis."""
    found = client.get("ce/component", component=analysis.project_key)
    under_way = [each for each in found.get("queue") or [] if each.get("status") == "IN_PROGRESS"]
    current = (found.get("current") or {}).get("analysisId")
    if under_way or (current != analysis.id and _newest(client, analysis) != analysis.id):
        raise StepFailed(
            f"{analysis.project_key} was analysed again meanwhile, so SonarQube's numbers are no "
            f"longer those of analysis {analysis.id}. Test again, one run at a time."
        )


def _newest(client: SonarClient, analysis: Analysis) -> str | None:
    # The current task names no analysis where it failed or is of another branch.
    found = client.get(
        "project_analyses/search", project=analysis.project_key, ps="1", **analysis.scope
    )
    return next((str(each["key"]) for each in found.get("analyses") or []), None)
