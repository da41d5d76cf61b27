"""The gate of exactly one analysis, and nothing that is not a pass passes."""

import pytest
from loopback import Reply
from scripted_sonarqube import ANALYSIS, PROJECT, TASK, recorded

from opsbot.capabilities.sonarqube.analyze_project import AnalyzeProject
from opsbot.integrations.sonarqube import analyze_project
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

PARAMS = AnalyzeProject(project_key=PROJECT, branch="main", quality_gate="overall")


def judge(client, params=PARAMS, commit=None):
    said = []
    output = analyze_project.run(client, params, task_id=TASK, commit=commit, say=said.append)
    return output, said


def test_the_gate_of_the_tasks_own_analysis_passes_with_its_counts(sonarqube, connected):
    output, said = judge(connected(sonarqube))

    assert (output.analysis_id, output.status, output.quality_gate) == (ANALYSIS, "OK", "overall")
    assert (output.bugs, output.vulnerabilities, output.code_smells) == (3, 2, 1)
    assert output.conditions[2].model_dump() == {
        "metric": "coverage",
        "status": "OK",
        "comparator": "LT",
        "threshold": "80",
        "actual": "100.0",
    }
    assert [each.split(" is ")[1] for each in said] == ["pending.", "in progress."]
    gate = next(each for each in sonarqube.asked if "project_status" in each.path)
    assert gate.query == {"analysisId": ANALYSIS}


def test_a_failed_gate_names_each_failing_condition(sonarqube, connected):
    sonarqube.recorded("qualitygates/project_status", "gate-error-vulnerabilities")

    with pytest.raises(
        StepFailed, match=r"coverage is 0\.0, below 80.*vulnerabilities is 2, above"
    ):
        judge(connected(sonarqube))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gate-none-before-first-analysis", "'NONE', which is no pass"),
        ("gate-ok-first-analysis-sonar-way-no-conditions", "judged nothing"),
    ],
)
def test_a_gate_that_judged_nothing_is_no_pass(sonarqube, connected, name, words):
    sonarqube.recorded("qualitygates/project_status", name)

    with pytest.raises(StepFailed, match=words):
        judge(connected(sonarqube))


def test_an_ok_gate_with_a_failing_condition_is_no_pass(sonarqube, connected):
    gate = recorded("gate-error-vulnerabilities")["answer"]
    gate["projectStatus"]["status"] = "OK"
    sonarqube.says("qualitygates/project_status", gate)

    with pytest.raises(StepFailed, match="no pass"):
        judge(connected(sonarqube))


def test_another_gate_than_the_demanded_one_does_not_count(sonarqube, connected):
    sonarqube.recorded("qualitygates/get_by_project", "gate-of-project")

    with pytest.raises(StepFailed, match="'opsbot-overall', and 'overall' is demanded"):
        judge(connected(sonarqube))


def test_a_gate_whose_name_may_not_be_read_fails_closed_with_the_remedy(sonarqube, connected):
    sonarqube.recorded("qualitygates/get_by_project", "error-403-analysis-token-reads-measures")

    with pytest.raises(StepFailed, match=r"analysis token.*needs a user token"):
        judge(connected(sonarqube))


def test_a_failed_analysis_says_why(sonarqube, connected):
    failed = recorded("ce-task-failed-older-date")["answer"]
    failed["task"]["componentKey"] = PROJECT
    sonarqube.says("ce/task", failed)

    with pytest.raises(StepFailed, match="cannot be older"):
        judge(connected(sonarqube))


def test_a_cancelled_analysis_is_no_pass(sonarqube, connected):
    cancelled = recorded("ce-task-canceled")["answer"]
    cancelled["task"]["componentKey"] = PROJECT
    sonarqube.says("ce/task", cancelled)

    with pytest.raises(StepFailed, match="was cancelled"):
        judge(connected(sonarqube))


def test_an_analysis_of_another_project_is_refused(sonarqube, connected):
    params = PARAMS.model_copy(update={"project_key": "other-api"})

    with pytest.raises(Refused, match="'cred-api', not of 'other-api'"):
        judge(connected(sonarqube), params)


def test_an_analysis_that_never_ends_is_given_up(sonarqube, connected):
    sonarqube.recorded("ce/task", "ce-task-in-progress")

    with pytest.raises(StepFailed, match="did not finish"):
        judge(connected(sonarqube))


def test_an_unknown_task_is_told_in_the_servers_words(sonarqube, connected):
    sonarqube.recorded("ce/task", "error-404-task")

    with pytest.raises(StepFailed, match="No activity found for task"):
        judge(connected(sonarqube))


def test_a_project_without_counts_is_no_pass(sonarqube, connected):
    sonarqube.recorded("measures/component", "metrics-never-analysed-empty")

    with pytest.raises(StepFailed, match="no counts"):
        judge(connected(sonarqube))


def test_a_wrong_token_is_told_without_showing_it(sonarqube, connected):
    with pytest.raises(StepFailed, match="does not know the connection's token") as failure:
        judge(connected(sonarqube, token="squ_wrong"))

    assert "squ_wrong" not in str(failure.value)


def test_a_login_page_in_front_is_recognised(sonarqube, connected):
    sonarqube.answers["ce/task"] = [Reply(200, "<html>Please log in</html>")]

    with pytest.raises(StepFailed, match="login page or a proxy"):
        judge(connected(sonarqube))


def test_a_short_fault_of_the_server_is_waited_out(sonarqube, connected):
    sonarqube.answers["ce/task"].insert(0, Reply(503))

    assert judge(connected(sonarqube))[0].status == "OK"


def test_a_server_that_stays_away_may_be_asked_again_later(sonarqube, connected):
    sonarqube.answers["ce/task"] = [Reply(502)]

    with pytest.raises(TryAgain, match="502"):
        judge(connected(sonarqube))


def analyses_are(sonarqube, **ours):
    known = [{"key": "another", "revision": "b" * 40}, {"key": ANALYSIS} | ours]
    sonarqube.says("project_analyses/search", {"analyses": known})


def test_an_analysis_of_the_commit_to_be_released_counts(sonarqube, connected):
    analyses_are(sonarqube, revision="a" * 40)

    output, _ = judge(connected(sonarqube), commit="a" * 40)

    assert output.analysis_id == ANALYSIS


def test_an_analysis_of_another_commit_does_not_stand_in(sonarqube, connected):
    analyses_are(sonarqube, revision="b" * 40)

    with pytest.raises(StepFailed, match=r"is of commit b{40}, and commit a{40} is to be released"):
        judge(connected(sonarqube), commit="a" * 40)


def test_a_scanner_that_saw_no_repository_is_told(sonarqube, connected):
    analyses_are(sonarqube)

    _, said = judge(connected(sonarqube), commit="a" * 40)

    assert said[-1] == f"SonarQube was not told which commit analysis {ANALYSIS} is of."
