"""Stopping builds, and answering what they wait for."""

import pytest
from pydantic import ValidationError

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient, Limits
from opsbot.integrations.waiting import Patience
from opsbot.sandbox.jenkins.jobs import Parameter
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.jenkins.recipes import Ask, Keep, Recipe, Say, Wait, Write
from tests.contract.jenkins.stage import Stage, call

ASKING = Recipe(
    {
        "Build": (Write("made.txt", "made"), Keep("made.txt")),
        "Approve": (Ask("Go", "Deploy to production?"),),
        "Deploy": (Say("deployed"),),
    }
)
WHERE = Parameter("where", "", "", ("moon", "mars"))
FAST = Parameter("fast", False)
NOTE = Parameter("note", "none")


def waiting(stage: Stage, word: str, recipe: Recipe = ASKING) -> tuple[str, int]:
    """Return a build that waits for an answer."""
    job = stage.job(word, recipe)
    number = stage.started(stage.trigger(job))
    stage.asked(job, number)
    return job, number


def test_a_running_build_is_stopped_and_its_end_awaited(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("stopped", Recipe({"Work": (Wait(60),)}))
    number = stage.started(stage.trigger(job))

    stopped = call(client, "stop_build", job_name=job, build_number=number)
    again = call(client, "stop_build", job_name=job, build_number=number)

    assert (stopped.outcome, stopped.state, stopped.result) == ("stopped", "aborted", "ABORTED")
    assert (again.outcome, again.result) == ("had_ended", "ABORTED")
    status = call(client, "get_build_status", job_name=job, build_number=number)
    assert any(each.startswith("Aborted by") for each in status.causes)


def test_a_stop_that_comes_too_late_leaves_the_success(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("too-late", Recipe({"Work": (Say("done"),)}))
    number = stage.run(job)

    stopped = call(client, "stop_build", job_name=job, build_number=number)

    assert (stopped.outcome, stopped.state) == ("had_ended", "passed")


def test_a_build_that_does_not_stop_in_time_is_told_as_running(stage: Stage) -> None:
    job = stage.job("stubborn", Recipe({"Work": (Wait(60),)}))
    number = stage.started(stage.trigger(job))
    hasty = stage.client(limits=Limits(stop=Patience(total=0)))

    with pytest.raises(StepFailed, match="asked to stop but still runs"):
        call(hasty, "stop_build", job_name=job, build_number=number)

    assert stage.ended(job, number)["result"] == "ABORTED"


def test_a_build_that_waits_for_an_answer_says_for_which(
    client: JenkinsClient, stage: Stage
) -> None:
    job, number = waiting(stage, "asks", Recipe({"Approve": (Ask("Go", "Now?", (WHERE, FAST)),)}))

    status = call(client, "get_build_status", job_name=job, build_number=number)
    stages = call(client, "get_build_stages", job_name=job, build_number=number)

    (step,) = status.waits_for
    assert (status.state, step.id, step.message) == ("running", "Go", "Now?")
    assert [(each.name, each.choices) for each in step.parameters] == [
        ("where", ("moon", "mars")),
        ("fast", ()),
    ]
    assert stages.status == "PAUSED_PENDING_INPUT"
    assert stages.waits_for == status.waits_for
    stopped = call(client, "stop_build", job_name=job, build_number=number)
    assert stopped.state == "aborted"


def test_proceed_lets_the_build_go_on_once(client: JenkinsClient, stage: Stage) -> None:
    job, number = waiting(stage, "proceeds")
    answer = {"job_name": job, "build_number": number, "input_id": "Go", "answer": "proceed"}

    answered = call(client, "answer_build_input", **answer)

    assert (answered.message, answered.answer) == ("Deploy to production?", "proceed")
    assert stage.ended(job, number)["result"] == "SUCCESS"
    log = call(client, "get_build_logs", job_name=job, build_number=number)
    assert "deployed" in log.text.splitlines()
    with pytest.raises(StepFailed, match=r"does not wait for 'Go' but for nothing.*earlier try"):
        call(client, "answer_build_input", **answer)


def test_abort_ends_the_build_before_what_it_would_have_done(
    client: JenkinsClient, stage: Stage
) -> None:
    job, number = waiting(stage, "aborts")

    answered = call(
        client,
        "answer_build_input",
        job_name=job,
        build_number=number,
        input_id="Go",
        answer="abort",
    )

    assert (answered.state, answered.result) == ("aborted", "ABORTED")
    log = call(client, "get_build_logs", job_name=job, build_number=number)
    assert "deployed" not in log.text.splitlines()
    stages = call(client, "get_build_stages", job_name=job, build_number=number)
    told = {each.name: each.status for each in stages.stages}
    assert (told["Build"], told["Approve"]) == ("SUCCESS", "ABORTED")


def test_values_go_with_the_answer_and_defaults_fill_in(
    client: JenkinsClient, stage: Stage
) -> None:
    asking = Recipe({"Approve": (Ask("Go", "How?", (WHERE, FAST, NOTE)),), "Go": (Say("went"),)})
    job, number = waiting(stage, "with-values", asking)
    place = {"job_name": job, "build_number": number, "input_id": "Go", "answer": "proceed"}

    for values, words in (
        ({"when": "now"}, "does not ask for when.*where, fast, note"),
        ({"where": "venus"}, "none of: moon, mars"),
        ({"fast": "quick"}, "all but"),
    ):
        with pytest.raises(Refused, match=words):
            call(client, "answer_build_input", **place, values=values)
    answered = call(client, "answer_build_input", **place, values={"where": "mars", "fast": True})

    assert answered.answer == "proceed"
    assert stage.ended(job, number)["result"] == "SUCCESS"
    if stage.target.sandbox is not None:
        (question,) = stage.target.sandbox.builds[job][number].questions
        assert question.values == {"where": "mars", "fast": True, "note": "none"}


def test_another_step_is_never_answered_in_place_of_the_named_one(
    client: JenkinsClient, stage: Stage
) -> None:
    job, number = waiting(stage, "other-step")
    place = {"job_name": job, "build_number": number}

    with pytest.raises(StepFailed, match="does not wait for 'Delete' but for 'Go'"):
        call(client, "answer_build_input", **place, input_id="Delete", answer="proceed")
    with pytest.raises(Refused, match="asks for no values"):
        call(
            client,
            "answer_build_input",
            **place,
            input_id="Go",
            answer="proceed",
            values={"a": "b"},
        )
    with pytest.raises(ValidationError, match="an abort takes no values"):
        call(client, "answer_build_input", **place, input_id="Go", answer="abort", values={"a": ""})

    pending = stage.send("GET", f"{addresses.of_build(job, number)}wfapi/pendingInputActions")
    assert [each["id"] for each in pending.json()] == ["Go"]
    call(client, "stop_build", **place)
