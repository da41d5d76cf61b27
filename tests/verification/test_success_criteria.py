"""Success criteria: met, not met, or not measured."""

from typing import Any

import pytest

from opsbot.verification import criteria
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import Criterion


def judged(criterion: Criterion, *outcomes: StepOutcome) -> bool | None:
    steps = [each.id for each in outcomes]
    return criteria.judge([criterion], steps, outcomes)[0].met


def ended(id: str, state: str = "success", **output: Any) -> StepOutcome:
    return StepOutcome(id=id, state=state, seconds=1.0, output=output)


@pytest.mark.parametrize(
    ("criterion", "outcome", "met"),
    [
        (Criterion.HEALTH_CHECKS_PASSED, ended("check_health", health="healthy"), True),
        (Criterion.HEALTH_CHECKS_PASSED, ended("check_health", health="unhealthy"), False),
        (Criterion.HEALTH_CHECKS_PASSED, ended("check_health"), None),
        (Criterion.NO_ERROR_LOGS, ended("check_health", errors=0), True),
        (Criterion.NO_ERROR_LOGS, ended("check_health", errors=1), False),
        (Criterion.NO_ERROR_LOGS, ended("check_health"), None),
        (Criterion.ALL_PODS_READY, ended("verify_pods", pods=2, ready=2), True),
        (Criterion.ALL_PODS_READY, ended("verify_pods", pods=2, ready=1), False),
        (Criterion.ALL_PODS_READY, ended("verify_pods", pods=0, ready=0), False),
        (Criterion.ALL_PODS_READY, ended("verify_pods"), None),
        (Criterion.SERVICE_ACCESSIBLE, ended("monitor", endpoints=2, requests=3, failed=1), True),
        (Criterion.SERVICE_ACCESSIBLE, ended("monitor", endpoints=2, requests=3, failed=3), False),
        (Criterion.SERVICE_ACCESSIBLE, ended("monitor", endpoints=0, requests=0, failed=0), False),
        (Criterion.SERVICE_ACCESSIBLE, ended("monitor", endpoints=2, requests=0, failed=0), None),
        (Criterion.SERVICE_ACCESSIBLE, ended("monitor"), None),
        (Criterion.ZERO_USER_FACING_ERRORS, ended("monitor", requests=9, failed=0), True),
        (Criterion.ZERO_USER_FACING_ERRORS, ended("monitor", requests=9, failed=1), False),
        (Criterion.ZERO_USER_FACING_ERRORS, ended("monitor", requests=0, failed=0), None),
        (Criterion.RESPONSE_TIME_WITHIN_SLA, ended("monitor", p95_seconds=0.01), None),
        (Criterion.RESPONSE_TIME_WITHIN_SLA, ended("monitor", p95_seconds=None), None),
        (Criterion.NO_MEMORY_LEAKS, ended("monitor", endpoints=2), None),
        (Criterion.ALL_STEPS_COMPLETED, ended("build"), True),
        (Criterion.ALL_STEPS_COMPLETED, ended("build", "failed"), False),
        (Criterion.ALL_STEPS_COMPLETED, ended("build", "upstream_failed"), False),
    ],
)
def test_criterion_is_judged_by_what_was_measured(
    criterion: Criterion, outcome: StepOutcome, met: bool | None
) -> None:
    assert judged(criterion, outcome) is met


def test_fewer_pods_than_were_rolled_out_are_not_all() -> None:
    deploy, pods = ended("deploy", replicas=3), ended("verify_pods", pods=2, ready=2)

    assert judged(Criterion.ALL_PODS_READY, deploy, pods) is False


def test_step_that_is_not_reported_is_not_completed() -> None:
    judgement = criteria.judge(
        [Criterion.ALL_STEPS_COMPLETED], ["build", "test"], [ended("build")]
    )[0]

    assert judgement.met is False
    assert judgement.reason == "test: not reached"


@pytest.mark.parametrize("state", ["skipped", "upstream_failed", "removed"])
@pytest.mark.parametrize("criterion", sorted(set(Criterion) - {Criterion.ALL_STEPS_COMPLETED}))
def test_check_that_did_not_run_measured_nothing(criterion: Criterion, state: str) -> None:
    skipped = [ended(id, state) for id in ("verify_pods", "check_health", "monitor")]

    assert judged(criterion, *skipped) is None


@pytest.mark.parametrize(
    "criterion",
    sorted(set(Criterion) - {Criterion.ALL_STEPS_COMPLETED, Criterion.NO_MEMORY_LEAKS}),
)
def test_check_that_failed_is_not_passed(criterion: Criterion) -> None:
    failed = [ended(id, "failed") for id in ("verify_pods", "check_health", "monitor")]

    assert judged(criterion, *failed) is False
