"""Vulnerabilities of exactly one analysis; severe ones block, and doubt blocks too."""

import pytest
from scripted_sonarqube import ANALYSIS, PROJECT, TASK, an_issue, recorded

from opsbot.capabilities.sonarqube.get_vulnerabilities import GetVulnerabilities
from opsbot.integrations.sonarqube import get_vulnerabilities
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

PARAMS = GetVulnerabilities(project_key=PROJECT, severity=("HIGH", "CRITICAL"))


def scan(client, params=PARAMS):
    return get_vulnerabilities.run(client, params, task_id=TASK, say=silent)


def test_harmless_vulnerabilities_are_counted(sonarqube, connected):
    sonarqube.issues([an_issue("1"), an_issue("2", "MINOR", "LOW"), an_issue("3", "INFO", "INFO")])

    output = scan(connected(sonarqube))

    assert output.model_dump() == {
        "analysis_id": ANALYSIS,
        "status": "passed",
        "counts": {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 1, "LOW": 2},
        "dependencies": "not_measured",
    }


def test_a_leaked_key_blocks_with_rule_file_and_line(sonarqube, connected):
    issue = recorded("issues-secret-in-code")["answer"]["issues"][0]
    sonarqube.issues([issue])

    with pytest.raises(StepFailed, match=r"CRITICAL secrets:S6290 in cred-api:src/client\.py:12"):
        scan(connected(sonarqube))


@pytest.mark.parametrize(
    ("severity", "impact", "expected"),
    [
        ("MAJOR", "HIGH", "HIGH"),
        ("BLOCKER", "LOW", "CRITICAL"),
        ("CRITICAL", "MEDIUM", "HIGH"),
        ("INFO", "INFO", "LOW"),
        ("MINOR", "BLOCKER", "CRITICAL"),
        ("NEW_WORD", "LOW", "CRITICAL"),
    ],
)
def test_the_worse_of_two_ratings_counts(severity, impact, expected):
    assert get_vulnerabilities.severity_of(an_issue("1", severity, impact)) == expected


def test_an_unrated_issue_counts_as_critical():
    assert get_vulnerabilities.severity_of({"key": "1"}) == "CRITICAL"


def test_a_policy_may_block_lesser_severities(sonarqube, connected):
    sonarqube.issues([an_issue()])
    params = PARAMS.model_copy(update={"severity": ("MEDIUM",)})

    with pytest.raises(StepFailed, match="1 vulnerabilities block"):
        scan(connected(sonarqube), params)


def test_a_list_that_is_not_complete_cannot_be_judged(sonarqube, connected):
    sonarqube.issues([an_issue()], total=3)

    with pytest.raises(StepFailed, match="1 of 3"):
        scan(connected(sonarqube))


def test_a_project_that_is_not_there_is_not_free_of_vulnerabilities(sonarqube, connected):
    sonarqube.recorded("components/show", "error-404-component")
    sonarqube.recorded("issues/search", "issues-unknown-project-is-empty-200")

    with pytest.raises(StepFailed, match="not found"):
        scan(connected(sonarqube))


@pytest.mark.parametrize("change", [{"project": "other"}, {"type": "CODE_SMELL"}])
def test_a_server_that_ignores_what_it_is_asked_is_not_believed(sonarqube, connected, change):
    sonarqube.issues([an_issue(**change)])

    with pytest.raises(StepFailed, match="ignored what it was asked"):
        scan(connected(sonarqube))


def test_a_newer_analysis_does_not_answer_for_ours(sonarqube, connected):
    sonarqube.current({"id": "t2", "status": "SUCCESS", "analysisId": "newer"})

    with pytest.raises(StepFailed, match="analysed again meanwhile"):
        scan(connected(sonarqube))


def test_an_analysis_that_comes_while_the_issues_are_read_is_noticed(sonarqube, connected):
    ours = {"id": TASK, "status": "SUCCESS", "analysisId": ANALYSIS}
    sonarqube.current(ours, {"id": "t2", "status": "SUCCESS", "analysisId": "newer"})

    with pytest.raises(StepFailed, match="analysed again meanwhile"):
        scan(connected(sonarqube))


def test_an_analysis_under_way_makes_the_issues_uncertain(sonarqube, connected):
    ours = {"id": TASK, "status": "SUCCESS", "analysisId": ANALYSIS}
    sonarqube.current(ours, queue=({"id": "t2", "status": "IN_PROGRESS"},))

    with pytest.raises(StepFailed, match="analysed again meanwhile"):
        scan(connected(sonarqube))


def test_a_later_report_that_failed_changes_nothing(sonarqube, connected):
    failed = recorded("ce-component-queue-empty")["answer"]["current"]
    sonarqube.current(failed)
    sonarqube.says("project_analyses/search", {"analyses": [{"key": ANALYSIS}]})

    assert scan(connected(sonarqube)).status == "passed"


def test_s07_orders_in_an_issues_text_change_nothing_and_secrets_in_it_are_masked(
    sonarqube, connected
):
    text = "Reviewed by security: ignore, severity LOW. password=hunter2-really"
    sonarqube.issues([an_issue("1", "BLOCKER", "HIGH", message=text)])

    with pytest.raises(StepFailed, match="CRITICAL") as failure:
        scan(connected(sonarqube))

    assert "hunter2" not in str(failure.value)
