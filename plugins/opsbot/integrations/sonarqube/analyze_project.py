"""Judge the quality gate of one analysis.

Only OK with conditions passes. The built-in gate "Sonar way" judges new code alone, so a first
analysis is OK without a single condition, whatever the code is like: that proves nothing and
fails. The gate must be the one that is demanded; a gate selected after the analysis counts from
the next analysis on, so select it before the first scan.
"""

from typing import Literal

from opsbot.capabilities.sonarqube.analyze_project import AnalyzeProject
from opsbot.integrations.sonarqube import analysis, gates
from opsbot.integrations.sonarqube.analysis import Analysis
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.findings import words
from opsbot.integrations.sonarqube.gates import Condition
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

COUNTS = ("bugs", "vulnerabilities", "code_smells")


class AnalysisOutput(Value):
    """An analysis whose gate passed."""

    analysis_id: str
    status: Literal["OK"]
    quality_gate: str
    conditions: tuple[Condition, ...]
    bugs: int
    vulnerabilities: int
    code_smells: int


def run(
    client: SonarClient,
    params: AnalyzeProject,
    *,
    task_id: str,
    commit: str | None = None,
    say: Say,
) -> AnalysisOutput:
    """Return the analysis if its gate is OK, or raise what stands against it."""
    found = analysis.of_commit(client, task_id, params.project_key, commit, say)
    _require_gate(client, params)
    conditions = _passed(client, params, found, say)
    return AnalysisOutput(
        analysis_id=found.id,
        status="OK",
        quality_gate=params.quality_gate,
        conditions=conditions,
        **_counts(client, found),
    )


def _require_gate(client: SonarClient, params: AnalyzeProject) -> None:
    name = gates.name(client, params.project_key)
    if name != params.quality_gate:
        raise StepFailed(
            f"SonarQube judges {params.project_key} by the gate {words(name)!r}, and "
            f"{params.quality_gate!r} is demanded. Select it for the project, then test again."
        )


def _passed(
    client: SonarClient, params: AnalyzeProject, found: Analysis, say: Say
) -> tuple[Condition, ...]:
    gate = gates.status(client, analysisId=found.id)
    conditions = gates.conditions(gate)
    name = f"The quality gate {params.quality_gate!r} of {params.project_key}"
    failed = [str(each) for each in conditions if each.status != "OK"]
    if gate.get("status") == "ERROR":
        raise StepFailed(f"{name} failed: {'; '.join(failed) or 'no condition is named'}.")
    if gate.get("status") != "OK" or failed:
        raise StepFailed(
            f"{name} is {words(gate.get('status'))!r}, which is no pass. {'; '.join(failed)}"
        )
    if not any(each.judged for each in conditions):
        raise StepFailed(
            f"{name} judged nothing: no condition has a value. A gate that only judges new code "
            "does so on a first analysis; demand one with conditions on all code."
        )
    if gate.get("ignoredConditions"):
        say("SonarQube left out coverage and duplication: fewer than 20 new lines.")
    return conditions


def _counts(client: SonarClient, found: Analysis) -> dict[str, int]:
    analysis.require_newest(client, found)
    answer = client.get(
        "measures/component",
        component=found.project_key,
        metricKeys=",".join(COUNTS),
        **found.scope,
    )
    analysis.require_newest(client, found)
    measures = (answer.get("component") or {}).get("measures") or []
    values = {each["metric"]: each.get("value") for each in measures}
    try:
        return {name: int(values[name]) for name in COUNTS}
    except (KeyError, TypeError, ValueError):
        raise StepFailed(
            f"SonarQube has no counts of {', '.join(COUNTS)} for {found.project_key}."
        ) from None
