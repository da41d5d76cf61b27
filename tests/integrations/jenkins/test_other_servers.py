"""What older, other and half-equipped servers answer."""

import json
from pathlib import Path

import pytest
from loopback import Reply

from opsbot.capabilities.jenkins.answer_build_input import AnswerBuildInput
from opsbot.capabilities.jenkins.get_build_stages import GetBuildStages
from opsbot.capabilities.jenkins.get_queue_item import GetQueueItem
from opsbot.capabilities.jenkins.get_server_status import GetServerStatus
from opsbot.capabilities.jenkins.get_test_results import GetTestResults
from opsbot.integrations.jenkins import (
    answer_build_input,
    builds,
    changes,
    failures,
    get_build_stages,
    get_queue_item,
    get_server_status,
    get_test_results,
    kinds,
    text,
)
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.progress import silent

RECORDED = Path(__file__).parent / "recorded"
PLACE = "/job/team/job/build/7/"
GREEN = {"number": 7, "building": False, "inProgress": False, "result": "SUCCESS"}


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


def answering(**pages):
    """Answer these pages of a build, and 404 for all others."""

    def jenkins(request):
        if request.path == f"{PLACE}api/json":
            return Reply(body=pages.get("build", GREEN))
        name = request.path.removeprefix(PLACE).replace("/", "_").removesuffix("_api_json")
        return Reply(body=pages[name]) if name in pages else Reply(404, "<html>big</html>")

    return jenkins


def test_a_freestyle_build_has_no_stages_to_show(connected):
    params = GetBuildStages(job_name="team/build", build_number=7)

    found = get_build_stages.run(connected(answering()), params, say=silent)

    assert (found.available, found.stages) == (False, ())


def test_stages_that_were_skipped_and_failed_are_told_in_their_own_words(connected):
    error = {"message": "script returned exit code 7", "type": "hudson.AbortException"}
    stages = [
        {"name": "Compile", "status": "SUCCESS", "durationMillis": 213},
        {"name": "Tag", "status": "NOT_EXECUTED", "durationMillis": 741},
        {"name": "Pack", "status": "FAILED", "error": error, "durationMillis": 685},
        {"name": "Declarative: Post Actions", "status": "SUCCESS", "durationMillis": 336},
    ]
    described = {"status": "FAILED", "stages": stages}
    client = connected(answering(wfapi_describe=described, wfapi_pendingInputActions=[]))

    found = get_build_stages.run(
        client, GetBuildStages(job_name="team/build", build_number=7), say=silent
    )

    assert [(each.name, each.status, each.error) for each in found.stages] == [
        ("Compile", "SUCCESS", ""),
        ("Tag", "NOT_EXECUTED", ""),
        ("Pack", "FAILED", "script returned exit code 7"),
        ("Declarative: Post Actions", "SUCCESS", ""),
    ]
    assert (found.status, found.stages[1].seconds) == ("FAILED", 0.741)


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ({}, [True, False, "Hello", "Choice 1"]),
        ({"Good boy?": True, "Take your pick": "Choice 3"}, [True, True, "Hello", "Choice 3"]),
    ],
)
def test_a_recorded_input_gets_a_value_for_each_of_its_parameters(connected, values, sent):
    waiting = recorded("wfapi-pending-input")
    posts = []

    def jenkins(request):
        if request.method == "POST":
            posts.append((request.path, request.query, json.loads(request.form["json"])))
            return Reply(200)
        listed = [] if posts else waiting
        return answering(wfapi_pendingInputActions=listed)(request)

    answer = AnswerBuildInput(
        job_name="team/build",
        build_number=7,
        input_id="Run-test-suites",
        answer="proceed",
        values=values,
    )
    answer_build_input.run(connected(jenkins), answer, say=silent)

    ((path, query, form),) = posts
    assert (path, query) == (f"{PLACE}wfapi/inputSubmit", {"inputId": "Run-test-suites"})
    assert [each["value"] for each in form["parameter"]] == sent


def test_a_lost_reply_to_an_answer_is_no_matter_where_its_effect_is_there(connected):
    posts = []

    def jenkins(request):
        if request.method == "POST":
            posts.append(request.path)
            return None
        listed = [] if posts else [{"id": "Go", "message": "Now?", "inputs": []}]
        return answering(wfapi_pendingInputActions=listed)(request)

    answer = AnswerBuildInput(
        job_name="team/build", build_number=7, input_id="Go", answer="proceed"
    )
    found = answer_build_input.run(connected(jenkins), answer, say=silent)

    assert (found.message, posts) == ("Now?", [f"{PLACE}input/Go/proceedEmpty"])


@pytest.mark.parametrize("kind", ["PasswordParameterDefinition", "FileParameterDefinition"])
def test_a_secret_or_a_file_is_given_in_jenkins_and_not_here(connected, kind):
    waiting = [{"id": "Go", "message": "", "inputs": [{"type": kind, "name": "key"}]}]
    answer = AnswerBuildInput(
        job_name="team/build",
        build_number=7,
        input_id="Go",
        answer="proceed",
        values={"key": "x"},
    )

    with pytest.raises(Refused, match="answer it in Jenkins"):
        answer_build_input.run(
            connected(answering(wfapi_pendingInputActions=waiting)), answer, say=silent
        )


def test_an_input_that_the_server_cannot_list_is_not_answered(connected):
    answer = AnswerBuildInput(job_name="team/build", build_number=7, input_id="Go", answer="abort")

    with pytest.raises(StepFailed, match="cannot list what team/build #7 waits for"):
        answer_build_input.run(connected(answering()), answer, say=silent)


def test_statuses_before_junit_1363_are_known(connected):
    report = recorded("testreport-statuses-before-junit-1363")
    report["suites"][0]["cases"][0]["status"] = "REGRESSION"

    found = failures.of(connected(answering(testReport=report)), "team/build", 7)

    names = [each.name.rpartition(".")[2] for each in found]
    assert names == ["aFailingTest", "aPassingTest3"]
    assert (found[0].is_new, found[0].since_build) == (True, 7)


def test_failures_of_all_modules_of_an_aggregated_report_are_listed(connected):
    case = {"className": "a", "name": "b", "status": "FAILED", "age": 3, "failedSince": 5}
    child = {"result": {"suites": [{"cases": [case]}]}}
    report = {"failCount": 1, "skipCount": 0, "totalCount": 9, "childReports": [child]}
    client = connected(answering(testReport=report))

    found = get_test_results.run(
        client, GetTestResults(job_name="team/build", build_number=7), say=silent
    )

    assert (found.verdict, found.passed, found.new_failures) == ("failed", 8, 0)
    assert [(each.name, each.since_build) for each in found.failures] == [("a.b", 5)]


def test_a_green_build_with_failing_tests_has_failed_tests(connected):
    report = {"failCount": 1, "skipCount": 0, "passCount": 5, "suites": []}

    found = get_test_results.run(
        connected(answering(testReport=report)),
        GetTestResults(job_name="team/build", build_number=7),
        say=silent,
    )

    assert (found.verdict, found.failed, found.left_off) == ("failed", 1, 1)


def test_a_report_without_tests_proves_nothing(connected):
    report = {"failCount": 0, "skipCount": 0, "passCount": 0, "suites": []}

    found = get_test_results.run(
        connected(answering(testReport=report)),
        GetTestResults(job_name="team/build", build_number=7),
        say=silent,
    )

    assert (found.verdict, found.reason) == ("not_proven", "no test passed")


def test_commits_of_all_checkouts_are_listed(connected):
    item = {"commitId": "d27afa08", "msg": "Fix it\n", "author": {"fullName": "jane"}}
    found = {**GREEN, "changeSets": [{"items": [item]}, {"items": [{"msg": "svn"}]}]}

    (first, second) = changes.of(connected(answering(build=found)), "team/build", 7)

    assert (first.commit, first.author, first.message) == ("d27afa08", "jane", "Fix it")
    assert (second.commit, second.message) == ("", "svn")


def test_a_freestyle_build_in_post_production_still_runs(connected):
    found = {**GREEN, "inProgress": True}

    build = builds.require(connected(answering(build=found)), "team/build", 7)

    assert build.state == "running"


def test_a_pipelines_inner_step_is_no_build(connected):
    item = recorded("queue-item-buildable-stuck-no-node")
    client = connected(lambda request: Reply(body=item))

    found = get_queue_item.run(client, GetQueueItem(queue_id=668), say=silent)

    assert (found.job, found.state) == (None, "stuck")
    with pytest.raises(Refused, match="a step inside a running pipeline"):
        get_queue_item.run(client, GetQueueItem(queue_id=668, job_name="team/build"), say=silent)


def test_an_item_names_its_job_whatever_host_and_context_path_jenkins_believes_in(connected):
    item = {"id": 3, "task": {"url": "http://inside:8080/ci/job/team/job/feature%252Fx/"}}
    client = connected(lambda request: Reply(body=item))

    found = get_queue_item.run(client, GetQueueItem(queue_id=3), say=silent)

    assert (found.job, found.state) == ("team/feature%2Fx", "waiting")


def test_an_item_that_left_and_names_no_build_yet_is_leaving(connected):
    item = {"id": 3, "cancelled": False, "executable": None}

    found = get_queue_item.run(
        connected(lambda request: Reply(body=item)), GetQueueItem(queue_id=3), say=silent
    )

    assert (found.state, found.build_number) == ("leaving", None)


def test_an_address_that_is_no_jenkins_is_told(connected):
    with pytest.raises(StepFailed, match="answers like no Jenkins"):
        get_server_status.run(
            connected(lambda request: Reply(404, "<html></html>")), GetServerStatus(), say=silent
        )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("org.jenkinsci.plugins.workflow.job.WorkflowJob", "pipeline"),
        ("hudson.model.FreeStyleProject", "freestyle"),
        ("com.cloudbees.hudson.plugins.folder.Folder", "folder"),
        ("org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject", "multibranch"),
        ("jenkins.branch.OrganizationFolder", "multibranch"),
        ("hudson.matrix.MatrixProject", "other"),
        (None, "other"),
    ],
)
def test_kinds_of_jobs(name, kind):
    assert kinds.of(name) == kind


def test_a_piece_of_a_log_that_begins_inside_a_private_key_is_masked():
    piece = "MIIabc\nMIIdef\n-----END PRIVATE KEY-----\nafter\n"

    assert text.of_log(piece) == "***\nafter\n"


def test_a_value_of_a_secret_parameter_is_not_shown():
    shown = text.values({"api_token": "abc", "branch": "main", "empty_token": ""})

    assert shown == {"api_token": "***", "branch": "main", "empty_token": ""}
