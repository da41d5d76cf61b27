"""Tests count when they ran, none failed, and the demanded coverage was measured."""

import json
from pathlib import Path

import pytest
from scripted_jenkins import ScriptedJenkins

from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.integrations.jenkins import run_tests
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.integrations.jenkins.run_tests import AnalysisTask
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

PARAMS = RunTests(job_name="team/build", branch="main", coverage_required=80)
RECORDED = Path(__file__).parent / "recorded"
REPORT_TASK = b"""projectKey=my-application
serverUrl=http://127.0.0.1:9000
ceTaskId=f4ea308a-c8ab-403b-88ab-c6a174f186fc
ceTaskUrl=http://127.0.0.1:9000/api/ce/task?id=f4ea308a-c8ab-403b-88ab-c6a174f186fc
"""


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


@pytest.fixture
def jenkins():
    jenkins = ScriptedJenkins(declares=("branch", "test_suite", "OPSBOT_RUN"))
    jenkins.pages["testReport/"] = {"failCount": 0, "passCount": 12, "skipCount": 1}
    jenkins.pages["coverage/"] = recorded("coverage-plugin-api")
    jenkins.artifacts = {"target/sonar/report-task.txt": REPORT_TASK}
    return jenkins


def judge(client, params=PARAMS):
    return run_tests.run(client, params, key="k", say=silent, memory=ProcessMemory())


def test_counts_coverage_and_the_started_analysis_are_read(jenkins, connected):
    client = connected(jenkins)

    output = judge(client)

    assert output.model_dump() == {
        "build_number": 10,
        "url": f"{client.server.base_url}/job/team/job/build/10/",
        "status": "SUCCESS",
        "passed": 12,
        "failed": 0,
        "skipped": 1,
        "coverage": 88.44,
        "job": "team/build",
        "analysis": {
            "task_id": "f4ea308a-c8ab-403b-88ab-c6a174f186fc",
            "server_url": "http://127.0.0.1:9000",
            "project_key": "my-application",
        },
    }


@pytest.mark.parametrize("result", ["SUCCESS", "UNSTABLE", "FAILURE"])
def test_a_failed_test_fails_the_step_whatever_colour_the_build_has(jenkins, connected, result):
    jenkins.result = result
    jenkins.pages["testReport/"] = recorded("testreport-statuses-before-junit-1363")

    with pytest.raises(StepFailed, match=r"4 of 16 tests failed.*aFailingTest"):
        judge(connected(jenkins))


def test_a_test_that_was_repaired_is_not_named_among_the_failed(jenkins, connected):
    jenkins.pages["testReport/"] = recorded("testreport-statuses-before-junit-1363")

    with pytest.raises(StepFailed) as failure:
        judge(connected(jenkins))

    assert "aFailingTest4" not in str(failure.value)


def test_green_without_a_report_proves_nothing(jenkins, connected):
    del jenkins.pages["testReport/"]

    with pytest.raises(StepFailed, match="no test report: the tests are not proven"):
        judge(connected(jenkins))


def test_green_with_no_test_that_passed_proves_nothing(jenkins, connected):
    jenkins.pages["testReport/"] = {"failCount": 0, "passCount": 0, "skipCount": 3}

    with pytest.raises(StepFailed, match="no test passed"):
        judge(connected(jenkins))


def test_a_build_that_broke_before_its_tests_shows_its_console(jenkins, connected):
    del jenkins.pages["testReport/"]
    jenkins.result, jenkins.log = "FAILURE", "ERROR: no space left\n"

    with pytest.raises(StepFailed, match="no space left"):
        judge(connected(jenkins))


def test_an_aborted_build_is_told_as_aborted_even_with_good_counts(jenkins, connected):
    jenkins.result = "ABORTED"

    with pytest.raises(StepFailed, match="was aborted"):
        judge(connected(jenkins))


def test_an_aggregated_report_counts_the_total(jenkins, connected):
    jenkins.pages["testReport/"] = {"failCount": 0, "skipCount": 2, "totalCount": 10}

    assert judge(connected(jenkins)).passed == 8


def test_coverage_below_the_demand_fails(jenkins, connected):
    params = PARAMS.model_copy(update={"coverage_required": 90})

    with pytest.raises(StepFailed, match=r"88\.44 % of lines; 90 %"):
        judge(connected(jenkins), params)


def test_coverage_that_nobody_measured_is_not_zero_and_not_enough(jenkins, connected):
    del jenkins.pages["coverage/"]

    with pytest.raises(StepFailed, match="not measured"):
        judge(connected(jenkins))


def test_coverage_that_nobody_measured_is_no_matter_where_none_is_demanded(jenkins, connected):
    del jenkins.pages["coverage/"]

    output = judge(connected(jenkins), PARAMS.model_copy(update={"coverage_required": 0}))

    assert output.coverage is None


@pytest.mark.parametrize(
    ("page", "body", "expected"),
    [
        (
            "coverage/result/",
            {
                "results": {
                    "elements": [{"name": "File", "ratio": 9.0}, {"name": "Line", "ratio": 91.5}]
                }
            },
            91.5,
        ),
        ("jacoco/", {"lineCoverage": {"percentage": 85, "percentageFloat": 85.4}}, 85.4),
    ],
)
def test_older_coverage_plugins_are_read_too(jenkins, connected, page, body, expected):
    del jenkins.pages["coverage/"]
    jenkins.pages[page] = body

    assert judge(connected(jenkins)).coverage == expected


@pytest.mark.parametrize("line", ["n/a", "188.4%", None, "NaN", "-3%"])
def test_a_coverage_that_is_no_percentage_is_not_measured(jenkins, connected, line):
    jenkins.pages["coverage/"] = {"projectStatistics": {"line": line}}

    with pytest.raises(StepFailed, match="not measured"):
        judge(connected(jenkins))


def test_a_job_without_a_scanner_started_no_analysis(jenkins, connected):
    jenkins.artifacts = {}

    assert judge(connected(jenkins)).analysis is None


def test_a_report_task_file_that_names_no_analysis_is_an_error(jenkins, connected):
    jenkins.artifacts["target/sonar/report-task.txt"] = b"ceTaskId=../../x\nprojectKey=a\n"

    with pytest.raises(StepFailed, match="names no analysis"):
        judge(connected(jenkins))


def test_line_ends_of_another_system_do_not_matter(jenkins, connected):
    jenkins.artifacts = {"report-task.txt": REPORT_TASK.replace(b"\n", b"\r\n")}

    analysis = judge(connected(jenkins)).analysis

    assert isinstance(analysis, AnalysisTask)
    assert analysis.project_key == "my-application"
