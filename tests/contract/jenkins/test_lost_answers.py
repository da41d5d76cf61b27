"""Whatever happens to an answer or a worker, one key has one build."""

from collections.abc import Callable

import pytest

from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import trigger, trigger_build
from opsbot.integrations.jenkins.attempt import Attempt, ProcessMemory
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.trigger_build import BuildOutput
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import silent
from tests.contract.jenkins.recipes import BRANCH, BUILT, RUN, Recipe, Wait
from tests.contract.jenkins.road import Road
from tests.contract.jenkins.stage import Stage

KEYED = Recipe({"Build": BUILT}, (BRANCH, RUN))
KEYLESS = Recipe({"Build": BUILT}, (BRANCH,))


class WorkerKilled(BaseException):
    """The process ends here."""


class Dying(ProcessMemory):
    """The memory of a worker that is killed when it has written something down."""

    def __init__(self, dies: Callable[[Attempt], bool]) -> None:
        super().__init__()
        self.dies = dies

    def write(self, attempt: Attempt) -> None:
        super().write(attempt)
        if self.dies(attempt):
            self.dies = lambda attempt: False
            raise WorkerKilled


def build(client: JenkinsClient, job: str, memory: ProcessMemory, key: str = "key") -> BuildOutput:
    params = TriggerBuild(job_name=job, branch="main")
    return trigger_build.run(client, params, key=key, memory=memory, say=silent)


@pytest.mark.parametrize("fault", ["lost", "502 after"])
def test_a_trigger_whose_answer_is_lost_is_found_and_not_sent_again(
    stage: Stage, fault: str
) -> None:
    job = stage.job(f"answer-{fault.replace(' ', '-')}", KEYED)

    with Road(stage.target.url, fault) as road:
        output = build(stage.client(road.url), job, ProcessMemory())

    assert (stage.builds(job), road.triggers) == ([output.build_number], 1)


@pytest.mark.parametrize("fault", ["dropped", "502 before"])
def test_a_trigger_that_never_arrived_is_sent_once_more(stage: Stage, fault: str) -> None:
    job = stage.job(f"request-{fault.replace(' ', '-')}", KEYED)

    with Road(stage.target.url, fault) as road:
        output = build(stage.client(road.url), job, ProcessMemory())

    assert (stage.builds(job), road.triggers) == ([output.build_number], 2)


def test_two_triggers_are_the_most_also_over_several_tries(stage: Stage) -> None:
    job = stage.job("never-arrives", KEYED)
    memory = ProcessMemory()

    with Road(stage.target.url, *["dropped"] * 9) as road:
        for _ in range(3):
            with pytest.raises(TryAgain, match="no clear answer"):
                build(stage.client(road.url), job, memory)

    assert (stage.builds(job), road.triggers) == ([], 2)


def test_a_later_try_finds_what_two_lost_answers_have_made(stage: Stage) -> None:
    job = stage.job("both-lost", Recipe({"Build": (Wait(2), *BUILT)}, (BRANCH, RUN)))
    with Road(stage.target.url, "lost") as road:
        memory = Dying(lambda attempt: attempt.handle is not None)
        with pytest.raises(WorkerKilled):
            build(stage.client(road.url), job, memory)

    output = build(stage.client(), job, ProcessMemory())

    assert stage.builds(job) == [output.build_number]


@pytest.mark.parametrize("takes_key", [True, False])
@pytest.mark.parametrize("moment", ["queued", "numbered"])
def test_a_worker_that_is_killed_builds_nothing_twice(
    client: JenkinsClient, stage: Stage, takes_key: bool, moment: str
) -> None:
    job = stage.job(f"killed-{takes_key}-{moment}", KEYED if takes_key else KEYLESS)
    numbered = moment == "numbered"
    memory = Dying(
        lambda each: each.handle is not None and (each.handle.number is not None) == numbered
    )
    with pytest.raises(WorkerKilled):
        build(client, job, memory)

    # The key alone must do where the job takes it: the new process remembers nothing.
    output = build(client, job, ProcessMemory() if takes_key else memory)

    assert stage.builds(job) == [output.build_number]


def test_a_worker_that_is_killed_before_its_trigger_builds_once(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("killed-before", KEYED)
    memory = Dying(lambda attempt: attempt.posts == 1)
    with pytest.raises(WorkerKilled):
        build(client, job, memory)

    output = build(client, job, memory)

    assert stage.builds(job) == [output.build_number]


def test_without_a_key_the_one_candidate_is_adopted(stage: Stage) -> None:
    job = stage.job("keyless-lost", KEYLESS)

    with Road(stage.target.url, "lost") as road:
        output = build(stage.client(road.url), job, ProcessMemory())

    assert (stage.builds(job), road.triggers) == ([output.build_number], 1)


def test_without_a_key_a_killed_worker_leaves_a_question_and_no_second_build(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("keyless-before", KEYLESS)
    memory = Dying(lambda attempt: attempt.posts == 1)
    with pytest.raises(WorkerKilled):
        build(client, job, memory)

    for _ in range(2):
        with pytest.raises(StepFailed, match=r"unknown .*not triggered again blindly"):
            build(client, job, memory)

    assert stage.builds(job) == []


def test_without_a_key_a_lost_trigger_is_not_sent_again(stage: Stage) -> None:
    job = stage.job("keyless-dropped", KEYLESS)

    with (
        Road(stage.target.url, "dropped") as road,
        pytest.raises(StepFailed, match="not triggered again blindly"),
    ):
        build(stage.client(road.url), job, ProcessMemory())

    assert (stage.builds(job), road.triggers) == ([], 1)


def test_a_killed_task_stops_what_it_had_started_though_no_answer_came(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("killed-task", Recipe({"Build": (Wait(60),)}, (BRANCH, RUN)))
    number = stage.started(stage.trigger(job, OPSBOT_RUN="key", branch="main"))
    said: list[str] = []

    trigger.abandon(client, job, "key", Attempt(posts=1), said.append)

    assert f"#{number} was stopped" in said[-1]
    assert stage.ended(job, number)["result"] == "ABORTED"
