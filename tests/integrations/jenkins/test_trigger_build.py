"""A build is triggered once, followed to its true end, and judged by what it really was."""

import pytest
from scripted_jenkins import RECORD

from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import trigger_build
from opsbot.integrations.jenkins.attempt import Attempt, ProcessMemory
from opsbot.integrations.jenkins.handle import Handle
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

PARAMS = TriggerBuild(job_name="team/build", branch="main", parameters={"environment": "prod"})


class Notebook(ProcessMemory):
    """Keeps all that was written."""

    def __init__(self):
        super().__init__()
        self.attempts = []

    def write(self, attempt):
        super().write(attempt)
        self.attempts.append(attempt)


def build(client, params=PARAMS, key="key-1"):
    said, memory = [], Notebook()
    output = trigger_build.run(client, params, key=key, memory=memory, say=said.append)
    return output, said, [each.handle for each in memory.attempts]


def test_a_build_is_followed_to_its_end_and_its_record_read(jenkins, connected):
    client = connected(jenkins)

    output, said, handles = build(client)

    assert output.model_dump() == {
        "build_number": 10,
        "url": f"{client.server.base_url}/job/team/job/build/10/",
        "status": "SUCCESS",
        "artifacts": 2,
        "job": "team/build",
        **RECORD,
    }
    assert handles == [
        None,
        Handle(job="team/build", queue_id=100),
        Handle(job="team/build", queue_id=100, number=10),
    ]
    assert "first line" in said and "second line" in said


@pytest.mark.parametrize("answer", ["lost", "502 after", "302"])
def test_a_trigger_without_a_clear_answer_is_found_by_its_key_and_not_sent_again(
    jenkins, connected, answer
):
    jenkins.trigger_script = [answer]

    output, _, _ = build(connected(jenkins))

    assert output.build_number == 10
    assert (jenkins.posts, len(jenkins.builds)) == (1, 1)


@pytest.mark.parametrize("answer", ["dropped", "502 before"])
def test_a_trigger_that_was_truly_lost_is_sent_a_second_time(jenkins, connected, answer):
    jenkins.trigger_script = [answer]

    build(connected(jenkins))

    assert (jenkins.posts, len(jenkins.builds)) == (2, 1)


def test_two_triggers_are_the_most_and_a_later_attempt_may_go_on(jenkins, connected):
    jenkins.trigger_script = ["dropped", "dropped", "dropped"]

    with pytest.raises(TryAgain, match="no clear answer"):
        build(connected(jenkins))

    assert jenkins.posts == 2


def test_a_trigger_that_a_plugin_declines_is_told_and_not_sent_again(jenkins, connected):
    jenkins.trigger_script = ["refused"]

    with pytest.raises(StepFailed, match=r"did not queue 'team/build' \(Jenkins answered 302\)"):
        build(connected(jenkins))

    assert (jenkins.posts, len(jenkins.items)) == (1, 0)


def test_what_was_unclear_is_told(jenkins, connected):
    jenkins.trigger_script = ["502 before"] * 2

    with pytest.raises(TryAgain, match="Jenkins answered 502: Bad Gateway"):
        build(connected(jenkins))


def test_a_trigger_long_ago_that_nothing_came_of_may_be_sent_again(jenkins, connected):
    memory = Notebook()
    memory.write(Attempt(posts=2, asked_at=1.0))

    output = trigger_build.run(
        connected(jenkins), PARAMS, key="key-1", memory=memory, say=lambda words: None
    )

    assert (output.build_number, jenkins.posts) == (10, 1)


def test_a_queue_item_that_is_known_again_is_waited_for(jenkins, connected):
    jenkins.forgets_queue_items = True
    jenkins.remembers_at_look = 3

    output, _, _ = build(connected(jenkins))

    assert (output.build_number, jenkins.posts) == (10, 1)


def test_a_private_key_in_the_console_is_masked_line_by_line(jenkins, connected):
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\nMIIdef\n-----END RSA PRIVATE KEY-----"
    jenkins.log = f"before\n{key}\nafter\n"
    jenkins.result = "FAILURE"
    said = []

    with pytest.raises(StepFailed) as failure:
        trigger_build.run(
            connected(jenkins), PARAMS, key="k", memory=ProcessMemory(), say=said.append
        )

    assert "before" in said
    assert "after" in said
    assert not any("MII" in each for each in [*said, str(failure.value)])


def test_a_retry_with_the_same_key_adopts_the_finished_build(jenkins, connected):
    client = connected(jenkins)
    first, _, _ = build(client)

    second, said, handles = build(client)

    assert (first, jenkins.posts) == (second, 1)
    assert handles[0].number == 10
    assert "following that build" in said[0]


def test_a_retry_adopts_the_build_that_still_waits_in_the_queue(jenkins, connected):
    jenkins.queue({"branch": "main", "environment": "prod", "OPSBOT_RUN": "key-1"})

    output, _, _ = build(connected(jenkins))

    assert (output.build_number, jenkins.posts) == (10, 0)


@pytest.mark.parametrize("result", ["ABORTED", "NOT_BUILT"])
def test_a_build_that_was_broken_off_is_made_anew(jenkins, connected, result):
    client = connected(jenkins)
    jenkins.result = result
    with pytest.raises(StepFailed):
        build(client)
    jenkins.result_of = {10: result}
    jenkins.result = "SUCCESS"

    output, _, _ = build(client)

    assert (output.build_number, jenkins.posts) == (11, 2)


def test_a_failed_build_stays_the_answer_of_its_key(jenkins, connected):
    jenkins.result = "FAILURE"
    client = connected(jenkins)

    for _ in range(2):
        with pytest.raises(StepFailed, match="#10 failed"):
            build(client)

    assert jenkins.posts == 1


def test_another_key_gets_a_build_of_its_own(jenkins, connected):
    client = connected(jenkins)
    build(client, key="key-1")

    second, _, _ = build(client, key="key-2")

    assert (second.build_number, jenkins.posts) == (11, 2)


def test_a_see_other_answer_joins_the_waiting_build_and_is_not_followed(jenkins, connected):
    jenkins.trigger_script = ["303"]

    output, said, _ = build(connected(jenkins))

    assert output.build_number == 10
    assert any("joins it" in each for each in said)


def test_a_starting_jenkins_is_waited_for(jenkins, connected):
    jenkins.trigger_script = ["starting", "starting"]

    build(connected(jenkins))

    assert (jenkins.posts, len(jenkins.builds)) == (3, 1)


def test_a_forgotten_queue_item_is_found_among_the_builds(jenkins, connected):
    jenkins.forgets_queue_items = True

    output, _, _ = build(connected(jenkins))

    assert (output.build_number, jenkins.posts) == (10, 1)


def test_an_item_cancelled_in_the_queue_ends_the_step(jenkins, connected):
    jenkins.cancelled.add(100)

    with pytest.raises(StepFailed, match="cancelled in Jenkins' queue"):
        build(connected(jenkins))


def test_a_result_that_is_set_while_the_build_runs_is_not_its_end(jenkins, connected):
    jenkins.result_while_building, jenkins.looks_building = "UNSTABLE", 3

    output, _, _ = build(connected(jenkins))

    assert output.status == "SUCCESS"


def test_a_freestyle_build_is_over_only_after_its_post_production(jenkins, connected):
    jenkins.in_progress_after = 2

    build(connected(jenkins))

    assert jenkins.builds[10]["looks"] > jenkins.looks_building + 2


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("UNSTABLE", "is unstable"),
        ("FAILURE", "failed"),
        ("ABORTED", "was aborted"),
        ("NOT_BUILT", "was not built"),
        ("SOMETHING", "proves nothing"),
    ],
)
def test_any_result_but_success_fails_with_its_own_words(jenkins, connected, result, words):
    jenkins.result = result

    with pytest.raises(StepFailed, match=words):
        build(connected(jenkins))


def test_a_superseded_build_neither_passed_nor_failed(jenkins, connected):
    jenkins.result = "NOT_BUILT"
    jenkins.causes = [{"shortDescription": "Superseded by #12"}]

    with pytest.raises(StepFailed, match=r"Superseded by #12.*neither passed nor failed"):
        build(connected(jenkins))


def test_a_failure_shows_the_last_lines_without_secrets(jenkins, connected):
    jenkins.result = "FAILURE"
    jenkins.log = "npm install\nDB_PASSWORD=hunter2-really\nERROR: broken\n"

    with pytest.raises(StepFailed, match="ERROR: broken") as failure:
        build(connected(jenkins))

    assert "hunter2" not in str(failure.value)


def test_what_is_told_of_the_console_is_masked_and_free_of_control_characters(jenkins, connected):
    jenkins.log = "\x1b[31mred\x1b[0m\x07\nAuthorization: Bearer abcdefghijklmnop\n"

    _, said, _ = build(connected(jenkins))

    assert "red" in said
    assert not any("abcdefghijklmnop" in each for each in said)


def test_a_parameter_that_the_job_does_not_declare_is_refused_before_anything_runs(
    jenkins, connected
):
    params = PARAMS.model_copy(update={"parameters": {"environmnet": "prod"}})

    with pytest.raises(Refused, match=r"does not declare environmnet.*branch"):
        build(connected(jenkins), params)

    assert jenkins.posts == 0


def test_a_value_outside_the_jobs_choices_is_refused(jenkins, connected):
    jenkins.definitions[1] |= {"type": "ChoiceParameterDefinition", "choices": ["dev", "stage"]}

    with pytest.raises(Refused, match="dev, stage"):
        build(connected(jenkins))


def test_a_build_that_took_another_value_proves_nothing(jenkins, connected):
    jenkins.queue({"branch": "other", "environment": "prod", "OPSBOT_RUN": "key-1"})

    with pytest.raises(StepFailed, match="branch='other' instead of 'main'"):
        build(connected(jenkins))


@pytest.mark.parametrize(
    "kind",
    [
        "com.cloudbees.hudson.plugins.folder.Folder",
        "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject",
        "jenkins.branch.OrganizationFolder",
    ],
)
def test_folders_and_multibranch_projects_are_refused(jenkins, connected, kind):
    jenkins.kind = kind

    with pytest.raises(Refused, match="not a job"):
        build(connected(jenkins))


def test_a_disabled_job_is_refused(jenkins, connected):
    jenkins.buildable = False

    with pytest.raises(Refused, match="disabled"):
        build(connected(jenkins))


def test_a_missing_job_may_also_be_invisible(jenkins, connected):
    params = PARAMS.model_copy(update={"job_name": "team/other"})

    with pytest.raises(StepFailed, match="missing, or 'opsbot' may not see it"):
        build(connected(jenkins), params)


@pytest.mark.parametrize(
    "branch",
    [
        "main;curl x|sh",
        "$(id)",
        "`id`",
        "--upload-pack=x",
        "a\nb",
        "../x",
        "a b",
        "x" * 300,
        "рrod",
    ],
)
def test_s09_a_reference_that_a_shell_could_misread_never_reaches_jenkins(
    jenkins, connected, branch
):
    params = PARAMS.model_copy(update={"branch": branch})

    with pytest.raises(Refused, match="no branch, tag or commit"):
        build(connected(jenkins), params)

    assert jenkins.posts == 0


@pytest.mark.parametrize("branch", ["refs/tags/v0.9.5", "feature/ORD-214", "6c8a3f2", "v1.0.0+1"])
def test_ordinary_references_are_sent_as_they_are(jenkins, connected, branch):
    build(connected(jenkins), PARAMS.model_copy(update={"branch": branch}))

    assert jenkins.posts == 1


def test_a_build_without_a_record_says_what_the_job_must_archive(jenkins, connected):
    del jenkins.artifacts["build.json"]

    with pytest.raises(StepFailed, match=r"must archive build\.json"):
        build(connected(jenkins))


@pytest.mark.parametrize(
    "record",
    [
        b"not json",
        b'{"commit": "main"}',
        b'{"commit": "%s", "version": "1", "archive": "../../x", "archive_sha256": "%s"}'
        % (b"a" * 40, b"b" * 64),
    ],
)
def test_a_wrong_record_is_not_believed(jenkins, connected, record):
    jenkins.artifacts["build.json"] = record

    with pytest.raises(StepFailed, match=r"must archive build\.json"):
        build(connected(jenkins))


def test_an_oversized_record_is_not_read(jenkins, connected):
    jenkins.artifacts["build.json"] = b" " * 70000

    with pytest.raises(StepFailed, match="larger than"):
        build(connected(jenkins))


def test_a_build_that_disappears_is_unknown_and_never_a_success(jenkins, connected):
    jenkins.looks_building = 10**6
    client = connected(jenkins)
    ordinary = client.server.clock.sleep

    def sleep(seconds):
        ordinary(seconds)
        if client.server.clock.now() > 30:
            jenkins.builds.clear()

    client.server.clock.sleep = sleep

    with pytest.raises(StepFailed, match="What it did is unknown"):
        build(client)
