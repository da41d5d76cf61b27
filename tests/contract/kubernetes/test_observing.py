"""A version that is fine at first is watched on, and its later trouble is told at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from opsbot.integrations.kubernetes.requests_sample import REQUESTS
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.vocabulary.errors import StepFailed
from tests.contract.kubernetes import looks
from tests.contract.kubernetes.stage import NAME, Stage

SECONDS = 25


def observed(stage: Stage, deployed: DeployOutput, path: str = "/health") -> tuple[str, float]:
    """Return why the observation failed, and after how many seconds."""
    began = time.monotonic()
    with pytest.raises(StepFailed) as caught:
        looks.service(stage, deployed, seconds=SECONDS, path=path)
    return str(caught.value), time.monotonic() - began


@pytest.fixture(scope="module")
def troubles(new_stage: Callable[[str], Stage]) -> dict[str, tuple[str, float]]:
    """Three versions that are ready at once and do not stay so, observed side by side."""
    dying, failing, unready = (new_stage(word) for word in ("dying", "failing", "unready"))

    def story(stage: Stage, reference: str, path: str) -> tuple[str, float]:
        return observed(stage, stage.deploy(reference, replicas=1), path)

    with ThreadPoolExecutor(3) as pool:
        stories = {
            "dying": pool.submit(story, dying, dying.images.short_lived(), "/health"),
            "failing": pool.submit(story, failing, failing.images.sickening("/orders"), "/orders"),
            "unready": pool.submit(story, unready, unready.images.sickening("/health"), "/"),
        }
    return {name: story.result() for name, story in stories.items()}


def test_a_version_that_holds_is_asked_again_and_again(new_stage: Callable[[str], Stage]) -> None:
    stage = new_stage("holding")
    deployed = stage.deploy(stage.images.good("1"))
    began = time.monotonic()

    service = looks.service(stage, deployed, seconds=3)

    assert time.monotonic() - began >= 3
    assert service.observed_seconds == 3
    assert REQUESTS < service.requests <= REQUESTS + 4 * 3 + 1
    assert (service.endpoints, service.failed) == (2, 0)


def test_a_crash_after_the_rollout_fails_the_step_at_once(
    troubles: dict[str, tuple[str, float]],
) -> None:
    reason, seconds = troubles["dying"]

    assert f"container '{NAME}' of pod {NAME}-" in reason
    assert "ended once (Error, exit code 3)" in reason
    assert seconds < SECONDS - 5


def test_requests_that_begin_to_fail_fail_the_step_at_once(
    troubles: dict[str, tuple[str, float]],
) -> None:
    reason, seconds = troubles["failing"]

    assert "requests to /orders failed (HTTP 503 first)" in reason
    assert seconds < SECONDS - 5


def test_readiness_that_is_lost_fails_the_step_at_once(
    troubles: dict[str, tuple[str, float]],
) -> None:
    reason, seconds = troubles["unready"]

    assert "is not ready any more" in reason
    assert f"{NAME}: runs, but is not ready" in reason
    assert seconds < SECONDS - 5
