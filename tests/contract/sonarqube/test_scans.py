"""The two scans of a deployment judge the report they were given, and nothing else."""

import pytest

from opsbot.capabilities.sonarqube.analyze_project import AnalyzeProject
from opsbot.capabilities.sonarqube.get_vulnerabilities import GetVulnerabilities
from opsbot.integrations.sonarqube import analyze_project, get_vulnerabilities
from opsbot.integrations.sonarqube.analyze_project import AnalysisOutput
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.get_vulnerabilities import VulnerabilityOutput
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.sonarqube.stage import SONAR_WAY, Scanned

SEVERE = ("HIGH", "CRITICAL")


def judged(client: SonarClient, scanned: Scanned, gate: str) -> AnalysisOutput:
    params = AnalyzeProject(project_key=scanned.key, branch="main", quality_gate=gate)
    return analyze_project.run(client, params, task_id=scanned.task_id, say=silent)


def searched(client: SonarClient, scanned: Scanned) -> VulnerabilityOutput:
    params = GetVulnerabilities(project_key=scanned.key, severity=SEVERE)
    return get_vulnerabilities.run(client, params, task_id=scanned.task_id, say=silent)


def test_clean_code_passes_both_scans(client: SonarClient, clean: Scanned, gate: str) -> None:
    passed, found = judged(client, clean, gate), searched(client, clean)

    assert passed.analysis_id == found.analysis_id
    assert (passed.bugs, passed.vulnerabilities, passed.code_smells) == (0, 0, 0)
    assert {each.metric: each.actual for each in passed.conditions}["coverage"] == "100.0"
    assert (set(found.counts.values()), found.dependencies) == ({0}, "not_measured")


def test_the_gate_fails_with_each_broken_condition(
    client: SonarClient, faulty: Scanned, gate: str
) -> None:
    with pytest.raises(StepFailed) as failure:
        judged(client, faulty, gate)

    words = str(failure.value)
    assert "vulnerabilities is 3, above 0" in words
    assert "bugs is 1, above 0" in words
    assert "security_hotspots_reviewed is 0.0, below 100" in words
    assert "coverage is" in words


def test_severe_vulnerabilities_block_by_rule_file_and_line(
    client: SonarClient, faulty: Scanned
) -> None:
    with pytest.raises(StepFailed, match="3 vulnerabilities block") as failure:
        searched(client, faulty)

    words = str(failure.value)
    assert f"CRITICAL secrets:S6689 in {faulty.key}:src/host.js:6" in words
    assert f"HIGH javascript:S4830 in {faulty.key}:src/host.js:15" in words


def test_a_first_analysis_that_nothing_judged_does_not_pass(
    client: SonarClient, first: Scanned
) -> None:
    with pytest.raises(StepFailed, match="judged nothing"):
        judged(client, first, SONAR_WAY)


def test_another_gate_than_the_demanded_one_does_not_count(
    client: SonarClient, clean: Scanned
) -> None:
    with pytest.raises(StepFailed, match="'Sonar way' is demanded"):
        judged(client, clean, SONAR_WAY)


def test_a_report_that_failed_fails_both_scans_in_the_servers_words(
    client: SonarClient, outdated: Scanned, gate: str
) -> None:
    with pytest.raises(StepFailed, match="cannot be older than the date of the last"):
        judged(client, outdated, gate)
    with pytest.raises(StepFailed, match="cannot be older than the date of the last"):
        searched(client, outdated)


def test_the_report_of_another_project_is_refused(
    client: SonarClient, clean: Scanned, faulty: Scanned, gate: str
) -> None:
    with pytest.raises(Refused, match="is of the project"):
        judged(client, Scanned(faulty.key, clean.task_id), gate)


def test_an_unknown_task_is_told(client: SonarClient, clean: Scanned, gate: str) -> None:
    with pytest.raises(StepFailed, match="No activity found for task"):
        judged(client, Scanned(clean.key, "no-such-task"), gate)


def test_an_analysis_token_is_not_enough_to_judge(
    analyst: SonarClient, clean: Scanned, gate: str
) -> None:
    with pytest.raises(StepFailed, match="user token"):
        judged(analyst, clean, gate)
    with pytest.raises(StepFailed, match="user token"):
        searched(analyst, clean)
