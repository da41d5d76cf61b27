"""Queued builds: where they are, and taking them out again."""

import pytest

from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.jenkins.recipes import Recipe, Say, Wait
from tests.contract.jenkins.stage import Stage, call

QUICK = Recipe({"Work": (Say("hello"),)})


@pytest.fixture(scope="module")
def job(stage: Stage) -> str:
    return stage.job("queued", QUICK)


def test_a_build_waits_out_its_quiet_period_and_is_cancelled(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    item = stage.trigger(job, "60sec", OPSBOT_RUN="q-1")

    waiting = call(client, "get_queue_item", queue_id=item)
    status = call(client, "get_build_status", job_name=job, queue_id=item)
    before = stage.builds(job)
    cancelled = call(client, "cancel_queued_build", job_name=job, queue_id=item)
    again = call(client, "cancel_queued_build", job_name=job, queue_id=item)

    assert (waiting.state, waiting.job, waiting.build_number) == ("waiting", job, None)
    assert waiting.parameters == {"OPSBOT_RUN": "q-1"}
    assert (status.state, status.build_number, bool(status.why)) == ("queued", None, True)
    assert (cancelled.outcome, cancelled.build_number) == ("cancelled", None)
    assert again == cancelled
    assert call(client, "get_queue_item", queue_id=item).state == "cancelled"
    gone = call(client, "get_build_status", job_name=job, queue_id=item)
    assert (gone.state, gone.build_number) == ("cancelled", None)
    assert stage.builds(job) == before


def test_a_build_waits_for_the_one_before_it(client: JenkinsClient, stage: Stage) -> None:
    one = stage.job("one-at-a-time", Recipe({"Work": (Wait(60),)}, is_concurrent=False))
    first = stage.started(stage.trigger(one, OPSBOT_RUN="1"))
    item = stage.trigger(one, OPSBOT_RUN="2")

    blocked = call(client, "get_queue_item", queue_id=item)

    assert (blocked.state, bool(blocked.why)) == ("blocked", True)
    call(client, "cancel_queued_build", job_name=one, queue_id=item)
    call(client, "stop_build", job_name=one, build_number=first)


def test_an_item_that_started_is_told_by_its_number_and_not_cancelled(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    item = stage.trigger(job, OPSBOT_RUN="q-2")
    number = stage.started(item)

    found = call(client, "get_queue_item", queue_id=item)
    cancelled = call(client, "cancel_queued_build", job_name=job, queue_id=item)

    assert (found.state, found.build_number) == ("started", number)
    assert (cancelled.outcome, cancelled.build_number) == ("started", number)
    assert stage.ended(job, number)["result"] == "SUCCESS"


def test_a_number_of_another_job_cancels_nothing(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    other = stage.job("not-mine", QUICK)
    item = stage.trigger(other, "60sec")

    with pytest.raises(Refused, match=r"is not of the job .* but of .*not-mine"):
        call(client, "cancel_queued_build", job_name=job, queue_id=item)

    assert call(client, "get_queue_item", queue_id=item).state == "waiting"
    call(client, "cancel_queued_build", job_name=other, queue_id=item)


def test_an_item_that_never_was_is_neither_cancelled_nor_finished(
    client: JenkinsClient, job: str
) -> None:
    found = call(client, "get_queue_item", queue_id=10**9)

    assert (found.state, found.build_number) == ("forgotten", None)
    assert "neither cancelled nor finished" in found.why
    for tool in ("cancel_queued_build", "get_build_status"):
        with pytest.raises(StepFailed, match="neither cancelled nor finished"):
            call(client, tool, job_name=job, queue_id=10**9)


def test_an_item_is_forgotten_after_five_minutes_and_its_build_found_by_it(
    client: JenkinsClient, stage: Stage, job: str
) -> None:
    item = stage.trigger(job, OPSBOT_RUN="q-3")
    number = stage.started(item)
    stage.ended(job, number)
    stage.pass_minutes(4.5)
    known = stage.send("GET", f"queue/item/{item}/api/json").status_code
    stage.pass_minutes(1)

    assert (known, stage.send("GET", f"queue/item/{item}/api/json").status_code) == (200, 404)
    found = call(client, "get_queue_item", queue_id=item, job_name=job)
    assert (found.state, found.build_number) == ("started", number)
    assert call(client, "get_queue_item", queue_id=item).state == "forgotten"
    status = call(client, "get_build_status", job_name=job, queue_id=item)
    assert (status.state, status.build_number) == ("passed", number)
    cancelled = call(client, "cancel_queued_build", job_name=job, queue_id=item)
    assert (cancelled.outcome, cancelled.build_number) == ("started", number)
