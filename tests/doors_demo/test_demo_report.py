"""The report: what was observed, as other programs read it."""

import pytest

from opsbot.doors.demo import report, scenarios
from opsbot.doors.demo.users import Requests
from opsbot.vocabulary.errors import Refused
from tests.doors_demo.attempts import (
    FIRST,
    NOTHING,
    RESTORED,
    a_rejected_attempt,
    a_rolled_back_attempt,
    a_task,
    after,
    an_attempt,
    facts,
)

STEPS = [
    *("build", "test", "quality_scan", "security_scan", "build_image", "verify_image"),
    *("deploy", "verify_pods", "check_health", "monitor"),
]
SUCCESS = scenarios.find("success")
REJECTED = scenarios.find("rejected")
MISSING_CONFIG = scenarios.find("missing-config")


def test_a_success_has_ten_steps_and_no_failure():
    found = report.build(SUCCESS, an_attempt(), facts())

    attempt = found["attempts"][0]
    assert found["ended_as_expected"] is True
    assert [each["id"] for each in attempt["steps"]] == STEPS
    assert {each["state"] for each in attempt["steps"]} == {"success"}
    assert attempt["failure"] is None
    assert found["user_requests"] == {"sent": 100, "failed": 0}


def test_where_nothing_serves_there_are_no_users():
    found = report.build(SUCCESS, an_attempt(), facts(before=NOTHING, requests=Requests()))

    assert found["user_requests"] == {"sent": 0, "failed": 0}
    assert found["versions"] == {"before": None, "after": "1.0.0"}


def test_times_are_counted_from_the_command():
    attempt = an_attempt(build=a_task("build", "success", 2.5, 4))

    found = report.build(SUCCESS, attempt, facts())

    assert found["trigger_to_first_step_seconds"] == 2.5
    assert found["attempts"][0]["seconds"] == 26.0
    assert found["attempts"][0]["steps"][0]["seconds"] == 1.5
    assert found["setup_seconds"] == 30.0


def test_a_rejection_names_the_approval_and_no_rollback():
    found = report.build(REJECTED, a_rejected_attempt(), facts(after=FIRST))

    assert found["attempts"][0]["failure"] == {
        "step": "approval",
        "reason": "rejected by admin",
        "detected_after_seconds": None,
        "rollback_seconds": None,
        "rollback_actions": [],
        "diagnosis": None,
        "notified": [],
    }


def test_a_rollback_is_timed_from_the_first_crash_to_the_verified_old_version():
    attempt = a_rolled_back_attempt()
    seen = facts(
        after=RESTORED,
        first_failure=after(12),
        slack_messages=f"failed ({attempt.asked.plan.plan_id})",
    )

    found = report.build(MISSING_CONFIG, attempt, seen)

    failure = found["attempts"][0]["failure"]
    assert found["complaints"] == []
    assert failure["step"] == "deploy"
    assert failure["detected_after_seconds"] == 2.0
    assert failure["rollback_seconds"] == 3.0
    assert [each["id"] for each in failure["rollback_actions"]] == ["stop_new", "notify"]
    assert failure["notified"] == ["slack"]


def test_what_the_callback_restored_counts_before_what_the_guard_found_done():
    attempt = a_rolled_back_attempt()
    restored = {"actions": [{"id": "restore", "state": "success", "seconds": 0.1}]}

    actions = report.rollback_actions(attempt.model_copy(update={"restored": restored}))

    assert [each["id"] for each in actions] == ["restore", "notify"]


def test_a_step_that_was_never_reached_took_no_time():
    never = a_task("monitor", "upstream_failed", 9, 9)

    assert an_attempt(monitor=never).outcome("monitor").seconds is None


def test_an_unverified_rollback_has_no_time():
    attempt = a_rolled_back_attempt()
    unproven = {**attempt.tasks, "verify_rollback": a_task("verify_rollback", "failed", 16, 17)}
    unverified = attempt.model_copy(update={"tasks": unproven})

    found = report.build(MISSING_CONFIG, unverified, facts(after=RESTORED))

    assert found["attempts"][0]["failure"]["rollback_seconds"] is None


def test_an_unknown_scenario_lists_what_there_is():
    with pytest.raises(Refused, match=r"Did you mean 'success'\? There are: success, rejected, q"):
        scenarios.find("sucess")
