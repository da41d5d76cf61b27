"""What the tools read of servers, jobs and builds."""

import hashlib
from typing import Any

import pytest
from pydantic import ValidationError

from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.sandbox.jenkins.jobs import Parameter
from opsbot.vocabulary.errors import StepFailed
from tests.contract.jenkins.recipes import (
    RUN,
    Exit,
    Keep,
    Recipe,
    Say,
    Wait,
    Write,
    judged,
)
from tests.contract.jenkins.stage import Stage, awaited, call

OF_BUILDS = (
    "get_build_status",
    "get_build_logs",
    "get_test_results",
    "get_build_stages",
    "get_build_artifacts",
    "stop_build",
)
NOTES = "first\npassword=hunter2-really\n"
BIG = "x" * 50_000


@pytest.fixture(scope="module")
def plain(stage: Stage) -> tuple[str, int]:
    """A build that says, writes and keeps something, and publishes no tests."""
    acts = (
        Say("hello"),
        Say("\n".join(f"line {number}" for number in range(400))),
        Write("notes.txt", NOTES),
        Write("big.txt", BIG),
        Keep("notes.txt"),
        Keep("big.txt"),
    )
    job = stage.job("plain-reading", Recipe({"Work": acts, "After": (Say("bye"),)}))
    return job, stage.run(job, OPSBOT_RUN="one")


def of(build: tuple[str, int]) -> dict[str, Any]:
    return {"job_name": build[0], "build_number": build[1]}


def test_the_server_says_who_it_is_and_who_asks(client: JenkinsClient, stage: Stage) -> None:
    found = call(client, "get_server_status")

    assert found.version.startswith("2.")
    assert len(found.session) == 8
    assert (found.quieting_down, found.authenticated) == (False, True)
    assert (found.user, found.url) == (stage.target.user, stage.target.url)


def test_a_finished_build_is_told_with_its_cause_and_values(
    client: JenkinsClient, stage: Stage, plain: tuple[str, int]
) -> None:
    found = call(client, "get_build_status", **of(plain))

    assert (found.state, found.building, found.result) == ("passed", False, "SUCCESS")
    assert found.parameters == {"OPSBOT_RUN": "one"}
    assert found.causes[0].startswith("Started by user")
    assert found.seconds > 0
    assert found.started_at.endswith("+00:00")
    assert found.queue_id
    by_queue = call(client, "get_build_status", job_name=plain[0], queue_id=found.queue_id)
    assert by_queue == found


@pytest.mark.parametrize("both", [{}, {"build_number": 1, "queue_id": 1}])
def test_a_build_is_named_in_one_way(both: dict[str, int], client: JenkinsClient) -> None:
    with pytest.raises(ValidationError, match="one of the two"):
        call(client, "get_build_status", job_name="a", **both)


@pytest.mark.parametrize("tool", OF_BUILDS)
def test_a_build_that_is_not_there_is_told(
    client: JenkinsClient, plain: tuple[str, int], tool: str
) -> None:
    with pytest.raises(StepFailed, match=r"knows no build .*may not see it.* deleted or rotated"):
        call(client, tool, job_name=plain[0], build_number=99999)


@pytest.mark.parametrize("tool", ["get_job", "list_builds", "list_jobs"])
def test_a_job_that_is_not_there_is_told(client: JenkinsClient, stage: Stage, tool: str) -> None:
    name = "folder" if tool == "list_jobs" else "job_name"

    with pytest.raises(StepFailed, match=r"is missing, or .* may not see it"):
        call(client, tool, **{name: f"{stage.folder}/nowhere"})


def test_errors_are_pages_even_below_the_api(stage: Stage) -> None:
    answer = stage.send("GET", "job/no-such-job-here/api/json")

    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]


def test_a_log_is_read_from_its_beginning_and_on(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    found = call(client, "get_build_logs", **of(plain), max_bytes=200_000)
    rest = call(client, "get_build_logs", **of(plain), offset=found.next_offset)

    assert "hello" in found.text
    assert "\r" not in found.text
    assert found.text.rstrip().endswith("Finished: SUCCESS")
    assert (found.truncated, found.more) == (False, False)
    assert (rest.text, rest.next_offset) == ("", found.next_offset)


def test_a_long_log_loses_its_middle_and_a_tail_its_beginning(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    ends = call(client, "get_build_logs", **of(plain), max_bytes=1000)
    tail = call(client, "get_build_logs", **of(plain), max_bytes=1000, tail=True)

    assert f"[{ends.left_off} bytes left off]" in ends.text
    assert ends.text.startswith("Started by")
    for found in (ends, tail):
        assert found.truncated
        assert "line 200" not in found.text
        assert found.text.rstrip().endswith("Finished: SUCCESS")
        assert len(found.text) <= 1100
    assert tail.next_offset is None


def test_an_offset_beyond_the_end_is_no_second_reading(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    with pytest.raises(StepFailed, match="read it from the beginning"):
        call(client, "get_build_logs", **of(plain), offset=10**9)


def test_a_running_build_may_still_write(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("writing", Recipe({"Work": (Say("begun"), Wait(60))}))
    number = stage.started(stage.trigger(job))

    def begun() -> Any:
        found = call(client, "get_build_logs", job_name=job, build_number=number)
        return found if "begun" in found.text.splitlines() else None

    found = awaited(begun, "nothing was written")
    status = call(client, "get_build_status", job_name=job, build_number=number)
    files = call(client, "get_build_artifacts", job_name=job, build_number=number)
    tests = call(client, "get_test_results", job_name=job, build_number=number)

    assert found.more
    assert (status.state, status.result, status.seconds) == ("running", None, None)
    assert not files.complete
    assert (tests.verdict, "still runs" in tests.reason) == ("not_proven", True)
    call(client, "stop_build", job_name=job, build_number=number)


def test_no_report_is_not_proven_and_no_coverage_not_measured(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    found = call(client, "get_test_results", **of(plain))

    assert (found.verdict, found.failed, found.coverage) == ("not_proven", 0, None)
    assert "there is no test report" in found.reason


def test_passed_tests_are_counted(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("passing-tests", Recipe({"Test": judged(passed=3)}))

    found = call(client, "get_test_results", job_name=job, build_number=stage.run(job))

    assert (found.verdict, found.passed, found.failed, found.reason) == ("passed", 3, 0, "")


def test_failures_are_listed_and_new_ones_known(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("failing-tests", Recipe({"Test": judged("total", "tax", passed=2)}))
    first, second = stage.run(job, OPSBOT_RUN="1"), stage.run(job, OPSBOT_RUN="2")

    new = call(client, "get_test_results", job_name=job, build_number=first)
    old = call(client, "get_test_results", job_name=job, build_number=second, limit=1)

    assert (new.verdict, new.passed, new.failed, new.new_failures) == ("failed", 2, 2, 2)
    assert [(each.name, each.message) for each in new.failures] == [
        ("shop.total", "total is wrong"),
        ("shop.tax", "tax is wrong"),
    ]
    assert (old.new_failures, len(old.failures), old.left_off) == (0, 1, 1)
    assert (old.failures[0].since_build, old.failures[0].is_new) == (first, False)


def test_tests_of_a_build_that_broke_off_prove_nothing(client: JenkinsClient, stage: Stage) -> None:
    job = stage.job("broke-after", Recipe({"Test": judged(passed=2), "Deploy": (Exit(1),)}))

    found = call(client, "get_test_results", job_name=job, build_number=stage.run(job))

    assert (found.verdict, found.passed) == ("not_proven", 2)
    assert found.reason == "the build was failed (Jenkins: FAILURE)"


def test_stages_are_listed_with_what_went_wrong(client: JenkinsClient, stage: Stage) -> None:
    acts = {"Compile": (Say("ok"),), "Test": judged("total"), "Pack": (Exit(7),), "Late": ()}
    job = stage.job("staged", Recipe({**acts, "Late": (Say("not reached"),)}))

    found = call(client, "get_build_stages", job_name=job, build_number=stage.run(job))

    assert (found.available, found.status) == (True, "FAILED")
    told = {each.name: (each.status, each.error) for each in found.stages}
    assert told["Compile"] == ("SUCCESS", "")
    assert told["Test"][0] == "UNSTABLE"
    assert told["Pack"] == ("FAILED", "script returned exit code 7")
    assert told.get("Late", ("NOT_EXECUTED", ""))[0] == "NOT_EXECUTED"
    assert list(told)[:3] == ["Compile", "Test", "Pack"]


def test_more_stages_than_asked_for_are_counted(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    found = call(client, "get_build_stages", **of(plain), limit=1)

    assert ([each.name for each in found.stages], found.left_off) == (["Work"], 1)
    assert found.waits_for == ()


def test_files_are_listed_and_fetched_with_their_digest(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    listed = call(client, "get_build_artifacts", **of(plain))
    notes = call(client, "get_build_artifacts", **of(plain), path="notes.txt").file
    big = call(client, "get_build_artifacts", **of(plain), path="big.txt", limit=1)

    assert (listed.complete, sorted(listed.paths), listed.file) == (
        True,
        ["big.txt", "notes.txt"],
        None,
    )
    assert notes.text == "first\npassword=***\n"
    assert (notes.size, notes.sha256) == (len(NOTES), hashlib.sha256(NOTES.encode()).hexdigest())
    assert (big.file.text, big.file.size, big.left_off) == (None, len(BIG), 1)


@pytest.mark.parametrize("path", ["missing.txt", "../../config.xml", "/etc/passwd", "notes.txt/.."])
def test_only_what_was_archived_is_fetched(
    client: JenkinsClient, plain: tuple[str, int], path: str
) -> None:
    with pytest.raises(StepFailed, match="archived no file"):
        call(client, "get_build_artifacts", **of(plain), path=path)


def test_a_file_beyond_the_limit_is_not_fetched(
    client: JenkinsClient, plain: tuple[str, int]
) -> None:
    with pytest.raises(StepFailed, match="larger than 100 bytes"):
        call(client, "get_build_artifacts", **of(plain), path="big.txt", max_bytes=100)


def test_a_job_says_what_it_wants_to_be_told(client: JenkinsClient, stage: Stage) -> None:
    declared = (
        Parameter("who", "", "", ("world", "moon")),
        Parameter("loud", True),
        Parameter("api_token", "abc"),
        RUN,
    )
    job = stage.job("described", Recipe({"Work": (Exit(1),)}, declared, is_concurrent=False))
    number = stage.run(job)

    found = call(client, "get_job", job_name=job)

    assert (found.job, found.kind, found.buildable) == (job, "pipeline", True)
    assert (found.concurrent, found.in_queue, found.takes_key) == (False, False, True)
    told = {each.name: (each.type, each.default, each.choices) for each in found.parameters}
    assert told == {
        "who": ("Choice", "world", ("world", "moon")),
        "loud": ("Boolean", "true", ()),
        "api_token": ("String", "***", ()),
        "OPSBOT_RUN": ("String", "", ()),
    }
    assert found.last_build.build_number == number
    assert (found.last_completed.result, found.last_passed) == ("FAILURE", None)


def test_builds_are_listed_newest_first_and_found_by_their_key(
    client: JenkinsClient, stage: Stage
) -> None:
    job = stage.job("listed", Recipe({"Work": (Say("hello"),)}))
    numbers = [stage.run(job, OPSBOT_RUN=key) for key in ("a", "b", "c")]

    listed = call(client, "list_builds", job_name=job, limit=2)
    found = call(client, "list_builds", job_name=job, key="b")

    assert [each.build_number for each in listed.builds] == [numbers[2], numbers[1]]
    assert listed.more
    assert {each.state for each in listed.builds} == {"passed"}
    assert [(each.build_number, each.parameters) for each in found.builds] == [
        (numbers[1], {"OPSBOT_RUN": "b"})
    ]
    assert not found.more


def test_jobs_are_listed_through_the_folders(client: JenkinsClient, stage: Stage) -> None:
    outer = stage.holder("outer", "folder")
    inner = stage.holder("outer/inner", "folder")
    deepest = stage.holder("outer/inner/deepest", "folder")
    stage.holder("outer/branches", "multibranch")
    job = stage.job("leaf", Recipe({"Work": (Exit(1),)}), inner)
    stage.run(job)
    off = stage.job("off", Recipe({"Work": ()}, is_buildable=False), inner)

    found = call(client, "list_jobs", folder=outer)
    few = call(client, "list_jobs", folder=outer, limit=2)
    deep = call(client, "list_jobs", folder=stage.folder, limit=1000)

    told = {each.name: (each.kind, each.buildable, each.last_result) for each in found.jobs}
    assert told == {
        f"{outer}/branches": ("multibranch", False, None),
        inner: ("folder", False, None),
        deepest: ("folder", False, None),
        job: ("pipeline", True, "FAILURE"),
        off: ("pipeline", False, None),
    }
    assert (len(few.jobs), few.left_off) == (2, 3)
    assert found.unopened == ()
    assert deep.unopened == (deepest,)


def test_a_job_is_no_folder_and_a_folder_no_job(
    client: JenkinsClient, stage: Stage, plain: tuple[str, int]
) -> None:
    with pytest.raises(StepFailed, match="is no folder but a job"):
        call(client, "list_jobs", folder=plain[0])
    with pytest.raises(StepFailed, match="is a folder"):
        call(client, "list_builds", job_name=stage.folder)
    assert call(client, "get_job", job_name=stage.folder).kind == "folder"


def test_the_whole_server_is_listed_where_no_folder_is_named(
    client: JenkinsClient, stage: Stage
) -> None:
    found = call(client, "list_jobs", limit=1000)

    assert stage.folder in {each.name for each in found.jobs}


@pytest.mark.parametrize("name", ["", "/a", "a/", "a//b", "..", "a/../b", "a/.", "a\nb", "a?b"])
def test_a_name_that_is_no_job_is_refused_when_the_plan_is_made(
    client: JenkinsClient, name: str
) -> None:
    with pytest.raises(ValidationError, match="job_name"):
        call(client, "get_job", job_name=name)
