"""Who may do what, and how it is told."""

import pytest

from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import trigger_build
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.jenkins.recipes import BRANCH, BUILT, RUN, Recipe, Wait
from tests.contract.jenkins.stage import Stage, call

KEYED = Recipe({"Build": BUILT}, (BRANCH, RUN))


@pytest.fixture
def reader(stage: Stage) -> JenkinsClient:
    if stage.target.reader is None:
        pytest.skip("no user who may only read: JENKINS_READER, JENKINS_READER_TOKEN not set")
    name, token = stage.target.reader
    return stage.client(user=name, secret=token)


def build(client: JenkinsClient, job: str) -> int:
    params = TriggerBuild(job_name=job, branch="main")
    made = trigger_build.run(client, params, key="k", memory=ProcessMemory(), say=silent)
    return made.build_number


def test_a_wrong_token_is_told_at_once(stage: Stage) -> None:
    stranger = stage.client(user=stage.target.user, secret="wrong")

    with pytest.raises(StepFailed, match=r"401 .*wrong user or API token"):
        call(stranger, "get_server_status")


def test_without_the_right_to_build_nothing_is_triggered(
    stage: Stage, reader: JenkinsClient
) -> None:
    job = stage.job("not-for-readers", KEYED)

    with pytest.raises(StepFailed, match=r"403 .*lacks hudson\.model\.Item\.Build.*Grant"):
        build(reader, job)

    assert stage.builds(job) == []


def test_without_the_right_to_cancel_all_goes_on(
    client: JenkinsClient, stage: Stage, reader: JenkinsClient
) -> None:
    job = stage.job("not-to-cancel", Recipe({"Work": (Wait(60),)}))
    number = stage.started(stage.trigger(job, OPSBOT_RUN="1"))
    item = stage.trigger(job, "60sec", OPSBOT_RUN="2")

    with pytest.raises(StepFailed, match=r"lacks hudson\.model\.Item\.Cancel"):
        call(reader, "stop_build", job_name=job, build_number=number)
    with pytest.raises(StepFailed, match=r"422|403"):
        call(reader, "cancel_queued_build", job_name=job, queue_id=item)

    assert call(client, "get_queue_item", queue_id=item).state == "waiting"
    call(client, "cancel_queued_build", job_name=job, queue_id=item)
    assert call(client, "stop_build", job_name=job, build_number=number).outcome == "stopped"


def test_a_password_gets_its_crumb_and_builds_once(stage: Stage) -> None:
    if not stage.target.password:
        pytest.skip("no password: JENKINS_PASSWORD not set")
    job = stage.job("by-password", KEYED)
    login = stage.client(user=stage.target.user, secret=stage.target.password)

    number = build(login, job)

    assert stage.builds(job) == [number]


def test_a_password_without_a_crumb_triggers_nothing(stage: Stage) -> None:
    if not stage.target.password:
        pytest.skip("no password: JENKINS_PASSWORD not set")
    job = stage.job("without-crumb", Recipe({"Build": BUILT}, ()))
    auth = (stage.target.user, stage.target.password)

    answer = stage.send("POST", f"job/{job.replace('/', '/job/')}/build", auth=auth)

    assert answer.status_code == 403
    assert "No valid crumb was included in the request" in answer.text
    assert stage.builds(job) == []
