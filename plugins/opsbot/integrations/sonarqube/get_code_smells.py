"""List a project's open code smells, and count them by severity over the whole project."""

from typing import Any

from opsbot.capabilities.sonarqube.get_code_smells import GetCodeSmells
from opsbot.integrations.sonarqube import findings, pages, project
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.project import Project, Reading
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

KIND = "CODE_SMELL"
SEVERITIES = ("BLOCKER", "CRITICAL", "MAJOR", "MINOR", "INFO")


class Smell(Value):
    """One code smell."""

    rule: str
    severity: str
    file: str
    line: int | None
    """None: the whole file."""
    message: str
    effort: str | None
    """What repairing it takes, as SonarQube estimates: `1h30min`."""


class CodeSmells(Reading):
    """The open code smells of a project."""

    by_severity: dict[str, int]
    """All open ones, whatever is listed."""
    total: int
    """How many have one of the wanted severities."""
    effort_minutes: int | None
    """What repairing those takes."""
    smells: tuple[Smell, ...]
    left_off: int
    """Further ones of the wanted severities, beyond the limit."""


def run(client: SonarClient, params: GetCodeSmells, *, say: Say) -> CodeSmells:
    """Return the code smells; `StepFailed` where the project was never analysed."""
    found = project.analysed(client, params, say)
    wanted = {"severities": ",".join(params.severity)} if params.severity else {}
    asked = _asked(found) | wanted
    listed, total = pages.listed(
        client, "issues/search", "issues", params.limit, **asked, s="SEVERITY", asc="false"
    )
    findings.require_asked(listed, found.project_key, KIND)
    counted = client.get("issues/search", **asked, facets="severities", ps="1")
    by_severity = _by_severity(counted, found)
    project.require_unchanged(client, found)
    say(f"{found.project_key} has {total} code smells.")
    return CodeSmells(
        **found.model_dump(),
        by_severity=by_severity,
        total=total,
        effort_minutes=counted.get("effortTotal"),
        smells=tuple(_smell(each) for each in listed),
        left_off=total - len(listed),
    )


def _asked(found: Project) -> dict[str, str]:
    asked = {"components": found.project_key, "types": KIND, "resolved": "false"}
    return asked | found.scope


def _by_severity(answer: dict[str, Any], found: Project) -> dict[str, int]:
    # A facet's counts leave out the filter on its own property: all severities are counted.
    facets = {str(each.get("property")): each for each in answer.get("facets") or []}
    if "severities" not in facets:
        raise StepFailed(f"SonarQube did not count {found.project_key}'s issues by severity.")
    counts = {str(each["val"]): int(each["count"]) for each in facets["severities"]["values"]}
    return {severity: counts.get(severity, 0) for severity in SEVERITIES}


def _smell(found: dict[str, Any]) -> Smell:
    return Smell(
        rule=findings.words(found.get("rule")),
        severity=findings.words(found.get("severity")),
        effort=found.get("effort"),
        **findings.place(found),
    )
