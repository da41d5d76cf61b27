"""Each way a build can end is told as what it is."""

import threading
from collections.abc import Callable

import pytest

from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import addresses, run_tests, trigger_build
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.sandbox.jenkins.jobs import Parameter
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.jenkins.recipes import (
    BRANCH,
    BUILT,
    RUN,
    Act,
    Exit,
    Recipe,
    Say,
    Wait,
    Write,
    judged,
)
from tests.contract.jenkins.stage import Stage, awaited, call

SUITE = Parameter("test_suite", "all")


def build(client: JenkinsClient, job: str, key: str = "key") -> object:
    params = TriggerBuild(job_name=job, branch="main")
    return trigger_build.run(client, params, key=key, memory=ProcessMemory(), say=silent)


def judge(client: JenkinsClient, job: str) -> object:
    params = RunTests(job_name=job, branch="main", coverage_required=0)
    return run_tests.run(client, params, key="key", memory=ProcessMemory(), say=silent)


def recipe(*acts: Act, **changes: bool) -> Recipe:
    return Recipe({"Work": acts}, (BRANCH, SUITE, RUN), **changes)


class Building:
    """A build that is followed in another thread."""

    def __init__(self, client: JenkinsClient, job: str, key: str = "key") -> None:
        self.problem = ""
        self._follow: Callable[[], object] = lambda: build(client, job, key)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._follow()
        except StepFailed as problem:
            self.problem = str(problem)

    def told(self) -> str:
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self.problem


def running(stage: Stage, job: str) -> int:
    """Wait for a job's first running build."""
    return int(awaited(lambda: (stage.builds(job) or [None])[0], f"{job} was not built"))


def test_a_failed_build_quotes_the_end_of_its_log_without_secrets(
    client: JenkinsClient, stage: Stage
) -> None:
    lines = "\n".join(("compiling", "DB_PASSWORD=hunter2-really", "no space left"))
    job = stage.job("failing", recipe(Say(lines), Exit(7)))

    with pytest.raises(StepFailed, match=r"(?s)#1 failed\..*no space left") as failure:
        build(client, job)

    assert "script returned exit code 7" in str(failure.value)
    assert "hunter2" not in str(failure.value)


def test_an_unstable_build_is_no_success(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("unstable", recipe(*judged("total"), *BUILT))

    with pytest.raises(StepFailed, match="#1 is unstable: tests or a check did not pass"):
        build(client, job)


def test_a_result_that_is_set_while_the_build_runs_is_not_its_end(
    client: JenkinsClient, stage: Stage
) -> None:
    acts = {"Test": judged("total"), "Clean": (Wait(3), Write("done.txt", "done"))}
    job = stage.job("set-early", Recipe(acts, (BRANCH, RUN)))
    following = Building(client, job)
    number = running(stage, job)
    place = addresses.of_build(job, number)
    early = awaited(lambda: found if (found := stage.json(place))["result"] else None, "no result")

    status = call(client, "get_build_status", job_name=job, build_number=number)

    assert (early["building"], early["result"]) == (True, "UNSTABLE")
    assert (status.state, status.building, status.result) == ("running", True, "UNSTABLE")
    assert status.seconds is None
    assert "is unstable" in following.told()
    assert stage.json(place)["building"] is False


def test_an_aborted_build_is_told_as_aborted_by_whom(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("aborted", recipe(Wait(60)))
    following = Building(client, job)
    number = running(stage, job)

    call(client, "stop_build", job_name=job, build_number=number)

    told = following.told()
    assert f"#{number} was aborted by a person or a time limit" in told
    assert "start anew" in told


def test_a_build_that_a_newer_one_replaced_neither_passed_nor_failed(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("replaced", recipe(Wait(20), aborts_previous=True))
    following = Building(client, job)
    number = running(stage, job)

    newer = stage.started(stage.trigger(job, OPSBOT_RUN="newer"))

    told = following.told()
    assert f"Superseded by #{newer}" in told
    assert "neither passed nor failed" in told
    status = call(client, "get_build_status", job_name=job, build_number=number)
    assert (status.state, status.result) == ("superseded", "NOT_BUILT")
    call(client, "stop_build", job_name=job, build_number=newer)


def test_a_build_that_is_cancelled_in_the_queue_was_never_built(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("cancelled", recipe(Wait(20), is_concurrent=False))
    first = stage.started(stage.trigger(job, OPSBOT_RUN="first"))
    following = Building(client, job)
    item = awaited(lambda: stage.json(addresses.of_job(job))["queueItem"], "nothing is queued")

    call(client, "cancel_queued_build", job_name=job, queue_id=item["id"])

    assert "was cancelled in Jenkins' queue; nothing was built" in following.told()
    call(client, "stop_build", job_name=job, build_number=first)
    assert stage.builds(job) == [first]


def test_tests_are_proven_by_a_report_and_nothing_else(client: JenkinsClient, stage: Stage) -> None:
    silent_job = stage.job("silent", recipe(Say("all tests passed")))

    with pytest.raises(StepFailed, match="there is no test report: the tests are not proven"):
        judge(client, silent_job)


def test_failed_tests_are_named(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("two-failures", recipe(*judged("total", "discount", passed=3)))

    with pytest.raises(StepFailed, match=r"2 of 5 tests failed .*shop\.total, shop\.discount"):
        judge(client, job)


def test_tests_that_passed_are_counted(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("two-passes", recipe(*judged(passed=2)))

    output = judge(client, job)

    assert isinstance(output, run_tests.TestOutput)
    assert (output.passed, output.failed, output.coverage) == (2, 0, None)
