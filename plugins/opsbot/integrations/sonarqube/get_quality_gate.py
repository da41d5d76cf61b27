"""Read a project's gate as it stands, and whether that is a pass.

Asked by project, SonarQube goes on answering the last analysis, OK included, when a newer report
failed; and a first analysis under "Sonar way" is OK without a single condition. Neither is a pass.
"""

from typing import Any, Literal

from opsbot.capabilities.sonarqube.get_quality_gate import GetQualityGate
from opsbot.integrations.sonarqube import findings, gates, project
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.gates import Condition
from opsbot.integrations.sonarqube.project import Reading
from opsbot.vocabulary.progress import Say

Verdict = Literal["passed", "failed", "not_measured"]


class QualityGate(Reading):
    """A gate and its verdict."""

    quality_gate: str | None
    """The gate of the next analysis; the last one may have been judged by another."""
    verdict: Verdict
    reason: str
    """Why it is no pass; empty where it is one."""
    conditions: tuple[Condition, ...]
    ignored_conditions: bool
    """Whether coverage and duplication were left out: fewer than 20 new lines."""


def run(client: SonarClient, params: GetQualityGate, *, say: Say) -> QualityGate:
    """Return the gate; `StepFailed` where the project is not there or may not be read."""
    found = project.find(client, params)
    status = gates.status(client, projectKey=params.project_key, **found.scope)
    conditions = gates.conditions(status)
    verdict, reason = _verdict(status, conditions, project.newer_report(client, found))
    project.require_unchanged(client, found)
    say(f"The quality gate of {params.project_key}: {verdict.replace('_', ' ')}. {reason}".strip())
    return QualityGate(
        **found.model_dump(),
        quality_gate=_named(gates.name(client, params.project_key)),
        verdict=verdict,
        reason=reason,
        conditions=conditions,
        ignored_conditions=bool(status.get("ignoredConditions")),
    )


def _named(gate: str | None) -> str | None:
    return None if gate is None else findings.words(gate)


def _verdict(
    status: dict[str, Any], conditions: tuple[Condition, ...], newer: str | None
) -> tuple[Verdict, str]:
    word = status.get("status")
    failed = "; ".join(str(each) for each in conditions if each.status != "OK")
    if word == "ERROR" or failed:
        return "failed", failed or "SonarQube names no condition."
    reason = _why_not(str(word), conditions) or newer
    return ("not_measured", reason) if reason else ("passed", "")


def _why_not(word: str, conditions: tuple[Condition, ...]) -> str | None:
    match word:
        case "OK" if any(each.judged for each in conditions):
            return None
        case "OK":
            return "No condition of the gate has a value."
        case "NONE":
            return "The project was never analysed."
        case other:
            return f"SonarQube calls the gate {other[:40]!r}."
