"""What Jenkins' tools found, in a line."""

from typing import Any

import pytest

from opsbot.planning.outputs import in_words

RESULTS = {
    "verdict": "failed",
    "reason": "",
    "passed": 3,
    "failed": 2,
    "skipped": 1,
    "new_failures": 1,
    "coverage": None,
}
STATUS = {
    "job": "team/build",
    "build_number": 7,
    "queue_id": 12,
    "state": "running",
    "why": "",
    "waits_for": [],
}
STAGES = {"build_number": 7, "available": True, "left_off": 0, "stages": []}
COMPILED = {"name": "Compile", "status": "SUCCESS", "error": ""}
PACKED = {"name": "Pack", "status": "FAILED", "error": "exit code 7"}


@pytest.mark.parametrize(
    ("tool", "output", "words"),
    [
        (
            "get_test_results",
            RESULTS,
            "Tests failed - 3 passed, 2 failed (1 of them new), 1 skipped - Coverage: not measured",
        ),
        (
            "get_test_results",
            {**RESULTS, "verdict": "passed", "failed": 0, "coverage": 81.5},
            "Tests passed - 3 passed, 0 failed, 1 skipped - Coverage: 81.5%",
        ),
        (
            "get_test_results",
            {**RESULTS, "verdict": "not_proven", "reason": "there is no test report"},
            "Tests not proven - there is no test report",
        ),
        ("get_build_status", STATUS, "Build #7 of team/build - running"),
        (
            "get_build_status",
            {**STATUS, "waits_for": [{"id": "Go"}]},
            "Build #7 of team/build - running - waits for an answer to Go",
        ),
        (
            "get_build_status",
            {**STATUS, "build_number": None, "state": "queued", "why": "Waiting for an executor"},
            "Queue item 12 of team/build - queued - Waiting for an executor",
        ),
        (
            "get_queue_item",
            {"queue_id": 12, "state": "started", "build_number": 7, "why": ""},
            "Queue item 12 - started as #7",
        ),
        (
            "cancel_queued_build",
            {"queue_id": 12, "outcome": "cancelled", "build_number": None},
            "Queue item 12 cancelled - nothing was built",
        ),
        (
            "cancel_queued_build",
            {"queue_id": 12, "outcome": "started", "build_number": 7},
            "Not cancelled - it had started as #7",
        ),
        (
            "stop_build",
            {"build_number": 7, "outcome": "stopped", "result": "ABORTED"},
            "Build #7 stopped - what it had done stays",
        ),
        (
            "stop_build",
            {"build_number": 7, "outcome": "had_ended", "result": "SUCCESS"},
            "Not stopped - build #7 had ended: SUCCESS",
        ),
        (
            "get_build_stages",
            {**STAGES, "stages": [COMPILED, PACKED], "left_off": 2},
            "Stages - Compile SUCCESS, Pack FAILED: exit code 7, 2 more",
        ),
        (
            "get_build_stages",
            {**STAGES, "available": False},
            "Stages of build #7 not available",
        ),
        (
            "answer_build_input",
            {"input_id": "Go", "answer": "proceed", "state": "running"},
            "Answered Go (proceed) - build running",
        ),
        (
            "get_server_status",
            {"version": "2.541.3", "user": "opsbot", "quieting_down": True},
            "Jenkins 2.541.3, as opsbot, about to shut down",
        ),
    ],
)
def test_words_of_an_output(tool: str, output: dict[str, Any], words: str) -> None:
    assert in_words(tool, output) == words


@pytest.mark.parametrize("tool", ["get_test_results", "get_build_status", "get_build_stages"])
def test_an_output_that_lacks_its_fields_is_shown_as_it_is(tool: str) -> None:
    assert "surprise" in in_words(tool, {"surprise": 1})
