"""A build is triggered as what was asked for, or not at all."""

from typing import Any

import pytest

from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import addresses, trigger, trigger_build
from opsbot.integrations.jenkins.attempt import Attempt, ProcessMemory
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.trigger_build import BuildOutput
from opsbot.sandbox.jenkins.jobs import Parameter
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.jenkins.recipes import BRANCH, BUILT, RECORD, RUN, Recipe, Say
from tests.contract.jenkins.stage import Stage, call

WHO = Parameter("who", "", "", ("world", "moon"))
LOUD = Parameter("loud", False)
BUILDING = Recipe({"Build": (Say("hello"), *BUILT)}, (BRANCH, WHO, LOUD, RUN))


def build(
    client: JenkinsClient, job: str, key: str, **parameters: str | bool
) -> tuple[BuildOutput, list[str], Attempt]:
    said: list[str] = []
    memory = ProcessMemory()
    params = TriggerBuild(job_name=job, branch="main", parameters=parameters)
    output = trigger_build.run(client, params, key=key, memory=memory, say=said.append)
    return output, said, memory.read()


@pytest.fixture(scope="module")
def job(stage: Stage) -> str:
    return stage.job("build", BUILDING)


def test_a_build_is_followed_to_its_end_and_its_record_read(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    output, said, attempt = build(client, job, "t-1", who="moon", loud=True)

    assert output.model_dump() == {
        "build_number": stage.builds(job)[0],
        "url": f"{stage.target.url}/{addresses.of_build(job, output.build_number)}",
        "status": "SUCCESS",
        "artifacts": 2,
        "job": job,
        **RECORD,
    }
    assert "hello" in said
    assert attempt.handle is not None
    assert attempt.handle.number == output.build_number
    status = call(client, "get_build_status", job_name=job, build_number=output.build_number)
    sent = {"branch": "main", "who": "moon", "loud": "true", "OPSBOT_RUN": "t-1"}
    assert status.parameters == sent


def test_the_same_key_is_the_same_build_and_another_key_another(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    first, _, _ = build(client, job, "t-2")
    before = stage.builds(job)

    again, said, _ = build(client, job, "t-2")

    assert (again, stage.builds(job)) == (first, before)
    assert "was triggered before" in said[0]
    assert build(client, job, "t-3")[0].build_number > first.build_number


def test_undeclared_parameters_are_refused_for_jenkins_drops_them_in_silence(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    dropped = stage.run(job, whoo="moon", OPSBOT_RUN="t-4")
    before = stage.builds(job)

    with pytest.raises(Refused, match=r"does not declare whoo .*It declares: .*who"):
        build(client, job, "t-5", whoo="moon")

    status = call(client, "get_build_status", job_name=job, build_number=dropped)
    assert status.parameters["who"] == "world"
    assert "whoo" not in status.parameters
    assert stage.builds(job) == before


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"who": "mars"}, "not among the job's choices: world, moon"), ({"loud": "yes"}, "all but")],
)
def test_a_value_that_jenkins_would_misread_is_refused(
    client: JenkinsClient, stage: Stage, job: str, wrong: dict[str, Any], words: str
) -> None:
    before = stage.builds(job)

    with pytest.raises(Refused, match=words):
        build(client, job, "t-6", **wrong)

    assert stage.builds(job) == before


def test_a_job_without_parameters_cannot_be_told_a_branch(
    client: JenkinsClient, stage: Stage
) -> None:
    plain = stage.job("plain", Recipe({"Build": BUILT}, ()))

    with pytest.raises(Refused, match=r"does not declare branch.*none"):
        build(client, plain, "t-7")
    assert stage.builds(plain) == []


def test_a_disabled_job_is_refused_where_jenkins_says_409(
    client: JenkinsClient, stage: Stage
) -> None:
    disabled = stage.job("disabled", Recipe({"Build": BUILT}, (BRANCH, RUN), is_buildable=False))

    answer = stage.post_trigger(disabled)

    assert answer.status_code == 409
    assert "text/html" in answer.headers["Content-Type"]
    with pytest.raises(Refused, match="disabled"):
        build(client, disabled, "t-8")


@pytest.mark.parametrize("kind", ["folder", "multibranch"])
def test_what_holds_jobs_is_no_job(client: JenkinsClient, stage: Stage, kind: str) -> None:
    holder = stage.holder(f"no-job-{kind}", kind)

    with pytest.raises(Refused, match="not a job"):
        build(client, holder, "t-9")


def test_the_job_of_a_branch_is_built_by_its_name_as_it_is(
    client: JenkinsClient, stage: Stage
) -> None:
    holder = stage.holder("branches", "multibranch")
    branch = stage.branch(holder, "feature%2Fx", BUILDING)

    output, _, _ = build(client, branch, "t-10")

    assert output.job.endswith("/branches/feature%2Fx")
    assert "/job/feature%252Fx/" in output.url


def test_a_missing_job_may_also_be_hidden(client: JenkinsClient, stage: Stage) -> None:
    with pytest.raises(StepFailed, match=r"is missing, or .* may not see it"):
        build(client, f"{stage.folder}/nowhere", "t-11")


def test_equal_triggers_are_merged_into_one_item(stage: Stage, job: str) -> None:
    first = stage.post_trigger(job, "60sec", OPSBOT_RUN="merged")
    second = stage.post_trigger(job, "60sec", OPSBOT_RUN="merged")
    other = stage.trigger(job, "60sec", OPSBOT_RUN="other")

    assert (first.status_code, second.status_code) == (201, 303)
    assert first.headers["Location"] == second.headers["Location"]
    merged = int(first.headers["Location"].rstrip("/").rpartition("/")[2])
    assert merged != other
    for item in (merged, other):
        stage.send("POST", f"queue/cancelItem?id={item}")


def test_a_build_that_somebody_else_waits_for_is_joined_and_not_stopped(
    client: JenkinsClient, stage: Stage
) -> None:
    keyless = stage.job("shared", Recipe({"Build": BUILT}, (BRANCH,)))
    memory, said = ProcessMemory(), [""]

    def listen(words: str) -> None:
        said.append(words)
        if "joins it" in words:
            stage.send("POST", "cancelQuietDown")

    stage.send("POST", "quietDown")
    try:
        theirs = stage.trigger(keyless, branch="main")
        params = TriggerBuild(job_name=keyless, branch="main")
        output = trigger_build.run(client, params, key="t-12", memory=memory, say=listen)
    finally:
        stage.send("POST", "cancelQuietDown")
    trigger.abandon(client, keyless, "t-12", memory.read(), listen)

    assert output.build_number == stage.started(theirs)
    assert stage.builds(keyless) == [output.build_number]
    assert "somebody else waits for the same build" in said[-1]


def test_builds_wait_while_the_server_is_about_to_shut_down(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    assert stage.send("POST", "quietDown").status_code in (200, 302)
    try:
        item = stage.trigger(job, OPSBOT_RUN="quiet")
        server = call(client, "get_server_status")
        queued = call(client, "get_queue_item", queue_id=item)
    finally:
        stage.send("POST", "cancelQuietDown")

    assert server.quieting_down
    assert (queued.state, queued.build_number) == ("ready", None)
    assert queued.why
    assert stage.started(item)
