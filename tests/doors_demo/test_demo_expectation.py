"""Whether a scenario ended as it should, judged by what an outsider saw."""

import pytest

from opsbot.doors.demo import expectation, scenarios
from opsbot.doors.demo.attempt import Task
from opsbot.doors.demo.cluster import Deployed
from opsbot.doors.demo.users import Requests
from opsbot.doors.demo.witness import Seen
from tests.doors_demo.attempts import (
    FIRST,
    NOTHING,
    OLD,
    RESTORED,
    SECOND,
    a_rejected_attempt,
    a_rolled_back_attempt,
    a_run_that_failed_at,
    a_task,
    an_attempt,
    facts,
)

STOPPED = Seen(
    deployed=Deployed(uid="u", generation=2, replicas=0, images=("app@sha256:new",)),
    tags=("v1.0.0-prod",),
)


def complaints(scenario, attempt, told=None, **changes):
    """Judge a scenario; Slack heard of the plan, in those words, unless it is told otherwise."""
    words = "failed" if told is None else told
    changes.setdefault("slack_messages", f"{words} ({attempt.asked.plan.plan_id})")
    return expectation.complaints(scenarios.find(scenario), attempt, facts(**changes))


def of_first_deploy(told="Scaled to 0", **changes):
    defaults = {"before": NOTHING, "after": STOPPED, "requests": Requests()}
    return complaints("first-deploy", a_rolled_back_attempt(), told, **(defaults | changes))


@pytest.mark.parametrize("scenario", ["success", "slow-start"])
def test_a_new_version_that_serves_is_a_success(scenario):
    assert complaints(scenario, an_attempt()) == ()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"after": FIRST}, "version 0.9.5 serves"),
        ({"after": NOTHING}, "no version serves"),
        ({"before": NOTHING}, "no version served before"),
        ({"requests": Requests(sent=100, failed=2)}, "2 users' requests failed"),
        ({"requests": Requests()}, "no user's request was sent"),
    ],
)
def test_a_success_that_users_do_not_see_is_none(changes, complaint):
    assert complaints("success", an_attempt(), **changes) == (complaint,)


def test_a_success_with_a_skipped_step_is_none():
    attempt = an_attempt(monitor=Task(id="monitor", state="skipped"))

    assert complaints("success", attempt) == ("steps without success: monitor",)


def test_a_rejection_leaves_the_deployment_as_it_was():
    rejected = a_rejected_attempt()

    assert complaints("rejected", rejected, after=FIRST) == ()
    assert complaints("rejected", rejected, after=RESTORED) == ("the Deployment was touched",)


def test_a_failure_that_slack_never_heard_of_is_not_as_expected():
    found = complaints(
        "missing-config", a_rolled_back_attempt(), after=RESTORED, slack_messages="[]"
    )

    assert found == ("Slack was not told",)


def test_a_failure_at_another_task_is_not_the_scenarios():
    attempt = an_attempt("failed", test=a_task("test", "failed"))

    assert complaints("missing-config", attempt, after=FIRST) == (
        "deploy did not fail but is success",
    )


@pytest.mark.parametrize(
    ("scenario", "scan"), [("quality-gate", "quality_scan"), ("vulnerability", "security_scan")]
)
def test_the_gate_stops_before_an_image_is_built(scenario, scan):
    assert complaints(scenario, a_run_that_failed_at(scan), after=FIRST) == ()


def test_an_image_behind_a_closed_gate_is_told():
    attempt = a_run_that_failed_at("quality_scan")
    built = {**attempt.tasks, "build_image": a_task("build_image", "failed")}
    tagged = FIRST.model_copy(update={"tags": SECOND.tags})

    found = complaints("quality-gate", attempt.model_copy(update={"tasks": built}), after=tagged)

    assert found == ("build_image was begun", "the registry has new tags: v1.0.0-prod")


def test_a_first_deploy_that_crashes_is_scaled_to_0_and_told_so():
    assert of_first_deploy() == ()
    assert of_first_deploy("failed") == ("Slack was not told that it is scaled to 0",)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"before": FIRST}, "version 0.9.5 served before"),
        (
            {"after": STOPPED.model_copy(update={"deployed": OLD})},
            "the Deployment is not at 0: 2 replicas",
        ),
        ({"after": NOTHING}, "the Deployment is not at 0: there is no Deployment"),
        ({"after": STOPPED.model_copy(update={"version": "1.0.0"})}, "version 1.0.0 serves"),
    ],
)
def test_a_first_deploy_leaves_nothing_that_serves_and_keeps_its_deployment(changes, complaint):
    assert of_first_deploy(**changes) == (complaint,)
