"""Read the vulnerabilities of one analysis and stop on severe ones.

SonarQube rates an issue twice: by the older `severity` (BLOCKER, CRITICAL, MAJOR, MINOR, INFO)
and by its impact on security (BLOCKER, HIGH, MEDIUM, LOW, INFO). The worse of the two counts, in
the words CRITICAL, HIGH, MEDIUM and LOW; a rating nobody knows counts as CRITICAL. Known CVEs of
dependencies are not among these issues: they are "not measured".
"""

from collections.abc import Sequence
from typing import Any, Literal

from opsbot.capabilities.sonarqube.get_vulnerabilities import GetVulnerabilities
from opsbot.integrations.sonarqube import analysis, findings, pages
from opsbot.integrations.sonarqube.analysis import Analysis
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.findings import words
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW")
BY_SEVERITY = {
    "BLOCKER": "CRITICAL",
    "CRITICAL": "HIGH",
    "MAJOR": "MEDIUM",
    "MINOR": "LOW",
    "INFO": "LOW",
}
BY_IMPACT = {
    "BLOCKER": "CRITICAL",
    "HIGH": "HIGH",
    "MEDIUM": "MEDIUM",
    "LOW": "LOW",
    "INFO": "LOW",
}
MOST_NAMED = 5


class VulnerabilityOutput(Value):
    """The vulnerabilities of an analysis, none of them blocking."""

    analysis_id: str
    status: Literal["passed"]
    counts: dict[str, int]
    """How many of CRITICAL, HIGH, MEDIUM, LOW."""
    dependencies: Literal["not_measured"]


def run(
    client: SonarClient,
    params: GetVulnerabilities,
    *,
    task_id: str,
    commit: str | None = None,
    say: Say,
) -> VulnerabilityOutput:
    """Return the counts by severity, or raise the vulnerabilities that block."""
    found = analysis.of_commit(client, task_id, params.project_key, commit, say)
    # A search for a project that is not there is an empty success; this call is an error.
    client.get("components/show", component=found.project_key, **found.scope)
    analysis.require_newest(client, found)
    issues = _open_vulnerabilities(client, found)
    analysis.require_newest(client, found)
    rated = [(severity_of(issue), issue) for issue in issues]
    blocking = [(rate, issue) for rate, issue in rated if rate in params.severity]
    if blocking:
        raise StepFailed(_words(found, blocking))
    return VulnerabilityOutput(
        analysis_id=found.id,
        status="passed",
        counts={name: sum(rate == name for rate, _ in rated) for name in SEVERITIES},
        dependencies="not_measured",
    )


def severity_of(issue: dict[str, Any]) -> str:
    """Return the worse of an issue's two ratings."""
    rates = [BY_SEVERITY.get(issue["severity"], "CRITICAL")] if issue.get("severity") else []
    rates += [
        BY_IMPACT.get(str(impact.get("severity")), "CRITICAL")
        for impact in issue.get("impacts") or []
        if impact.get("softwareQuality") == "SECURITY"
    ]
    return min(rates, key=SEVERITIES.index, default="CRITICAL")


def _open_vulnerabilities(client: SonarClient, found: Analysis) -> list[dict[str, Any]]:
    issues, total = pages.listed(
        client,
        "issues/search",
        "issues",
        pages.MOST,
        components=found.project_key,
        types="VULNERABILITY",
        resolved="false",
        **found.scope,
    )
    if len(issues) != total:
        raise StepFailed(
            f"SonarQube lists {len(issues)} of {total} vulnerabilities of {found.project_key}; "
            "what is not listed cannot be judged."
        )
    findings.require_asked(issues, found.project_key, "VULNERABILITY")
    return issues


def _words(found: Analysis, blocking: Sequence[tuple[str, dict[str, Any]]]) -> str:
    worst = sorted(blocking, key=lambda each: SEVERITIES.index(each[0]))[:MOST_NAMED]
    lines = [
        f"{rate} {words(issue.get('rule'))} in {words(issue.get('component'))}:"
        f"{words(issue.get('line', '?'))}: {words(issue.get('message', ''))}"
        for rate, issue in worst
    ]
    return f"{len(blocking)} vulnerabilities block {found.project_key}:\n" + "\n".join(lines)
