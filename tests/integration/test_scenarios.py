"""The demo as a person calls it: every scenario from the first process to the exit code.

What the report says was seen by an outsider, who asks the service, the API server, the registry
and Slack. Each scenario starts an Airflow and a sandbox of its own and takes about a minute.
"""

import pytest

from tests.integration.performing import all_was_served, output, perform, states

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(600)]

SCANS = ("quality_scan", "security_scan")
AFTER_THE_GATE = (
    "build_image",
    "verify_image",
    "deploy",
    "verify_pods",
    "check_health",
    "monitor",
)
WAY_BACK = ["stop_new", "restore", "verify_pods", "verify_service", "clean_up", "notify"]


def actions(attempt):
    return {each["id"]: each["state"] for each in attempt["failure"]["rollback_actions"]}


def nothing_was_built(attempt):
    assert states(attempt, *AFTER_THE_GATE) == {"upstream_failed"}
    assert [output(attempt, each) for each in AFTER_THE_GATE] == [{}] * len(AFTER_THE_GATE)
    assert attempt["failure"]["rollback_actions"] == []


def test_a_rejection_changes_nothing(tmp_path):
    found, attempt = perform("rejected", tmp_path)

    all_was_served(found, "0.9.5", "0.9.5")
    assert attempt["state"] == "failed"
    assert attempt["failure"]["step"] == "approval"
    assert attempt["failure"]["rollback_actions"] == []
    assert output(attempt, "build_image")["digest"].startswith("sha256:")
    assert states(attempt, "deploy", "verify_pods", "check_health", "monitor") == {
        "upstream_failed"
    }


def test_lost_settings_are_found_by_the_crash_and_rolled_back(tmp_path):
    found, attempt = perform("missing-config", tmp_path)

    failure = attempt["failure"]
    all_was_served(found, "0.9.5", "0.9.5")
    assert attempt["state"] == "failed"
    assert failure["step"] == "deploy"
    assert "Cannot find module './config/production.json'" in failure["reason"]
    assert failure["detected_after_seconds"] > 0
    assert failure["rollback_seconds"] > 0
    assert list(actions(attempt)) == WAY_BACK
    assert set(actions(attempt).values()) <= {"success", "skipped"}
    assert failure["notified"] == ["slack"]


def test_a_bug_is_stopped_at_the_gate(tmp_path):
    found, attempt = perform("quality-gate", tmp_path)

    all_was_served(found, "0.9.5", "0.9.5")
    assert attempt["state"] == "failed"
    assert attempt["failure"]["step"] == "quality_scan"
    assert "bugs is 1, above 0" in attempt["failure"]["reason"]
    assert states(attempt, "build", "test", "security_scan") == {"success"}
    nothing_was_built(attempt)


def test_a_first_version_that_crashes_is_scaled_to_0(tmp_path):
    found, attempt = perform("first-deploy", tmp_path)

    failure = attempt["failure"]
    assert attempt["state"] == "failed"
    assert failure["step"] == "deploy"
    assert "Invalid configuration: port must be" in failure["reason"]
    assert actions(attempt) == {
        "stop_new": "success",
        "restore": "skipped",
        "verify_pods": "success",
        "verify_service": "skipped",
        "clean_up": "skipped",
        "notify": "success",
    }
    assert found["user_requests"] == {"sent": 0, "failed": 0}
    assert found["versions"] == {"before": None, "after": None}


def test_an_unchecked_certificate_is_stopped_at_the_gate(tmp_path):
    found, attempt = perform("vulnerability", tmp_path)

    all_was_served(found, "0.9.5", "0.9.5")
    assert attempt["state"] == "failed"
    assert attempt["failure"]["step"] in SCANS
    assert states(attempt, *SCANS) == {"failed"}
    nothing_was_built(attempt)


def test_a_slow_start_is_waited_for(tmp_path):
    found, attempt = perform("slow-start", tmp_path)

    all_was_served(found, "0.9.5", "1.0.0")
    assert attempt["state"] == "success"
    assert attempt["failure"] is None
    (deploy,) = (each for each in attempt["steps"] if each["id"] == "deploy")
    # One pod after the other, twenty seconds each.
    assert deploy["seconds"] > 40


def test_a_good_version_rolls_out(tmp_path):
    found, attempt = perform("success", tmp_path)

    all_was_served(found, "0.9.5", "1.0.0")
    assert attempt["state"] == "success"
    assert attempt["failure"] is None
    assert {each["state"] for each in attempt["steps"]} == {"success"}
