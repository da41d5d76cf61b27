"""Judge a plan's success criteria from what its steps measured.

There are three answers, not two: met, not met, not measured. A criterion that nobody measured is
not met by silence, and a step that failed has not passed its check. What the steps return is
described in their capabilities' outputs; a field that is not there was not measured.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opsbot.vocabulary.model import Value
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import Criterion


class Judgement(Value):
    """Whether a criterion is met, and what says so."""

    criterion: Criterion
    met: bool | None
    """None: not measured."""
    reason: str


Finding = tuple[bool | None, str]
Reader = Callable[[Mapping[str, Any]], Finding]


def judge(
    criteria: Iterable[Criterion], steps: Iterable[str], outcomes: Iterable[StepOutcome]
) -> tuple[Judgement, ...]:
    """Judge each criterion from the outcomes of a plan's steps."""
    by_id = {each.id: each for each in outcomes}
    wanted = tuple(steps)
    judgements = []
    for criterion in criteria:
        met, reason = _find(criterion, wanted, by_id)
        judgements.append(Judgement(criterion=criterion, met=met, reason=reason))
    return tuple(judgements)


def _find(
    criterion: Criterion, steps: tuple[str, ...], outcomes: Mapping[str, StepOutcome]
) -> Finding:
    """Find what speaks for or against a criterion."""
    match criterion:
        case Criterion.ALL_STEPS_COMPLETED:
            return _all_completed(steps, outcomes)
        case Criterion.ALL_PODS_READY:
            return _from("verify_pods", outcomes, _ready_of(_wanted_replicas(outcomes)))
        case Criterion.NO_MEMORY_LEAKS:
            return None, "a leak shows over hours; nobody watched that long"
        case _:
            step, read = _READ_FROM[criterion]
            return _from(step, outcomes, read)


def _all_completed(steps: tuple[str, ...], outcomes: Mapping[str, StepOutcome]) -> Finding:
    """Find the first step that did not succeed."""
    for step in steps:
        state = outcomes[step].state if step in outcomes else "not reached"
        if state != "success":
            return False, f"{step}: {state}"
    return True, f"{len(steps)} of {len(steps)} steps succeeded"


def _from(
    step: str,
    outcomes: Mapping[str, StepOutcome],
    read: Reader,
) -> Finding:
    """Read a finding from a step's output, if the step came to its end."""
    outcome = outcomes.get(step)
    if outcome is None or outcome.state not in ("success", "failed"):
        return None, f"{step} did not run"
    if outcome.state == "failed":
        return False, f"{step} failed"
    return read(outcome.output)


def _healthy(logs: Mapping[str, Any]) -> Finding:
    """Read the health check's own verdict."""
    health = logs.get("health")
    return (None, "no verdict") if health is None else (health == "healthy", f"{health}")


def _no_errors(logs: Mapping[str, Any]) -> Finding:
    """Read how many errors the logs hold."""
    errors = logs.get("errors")
    return (None, "errors not counted") if errors is None else (errors == 0, f"{errors} errors")


def _wanted_replicas(outcomes: Mapping[str, StepOutcome]) -> int | None:
    """Return how many pods the deploy step rolled out, where there was one."""
    deploy = outcomes.get("deploy")
    return deploy.output.get("replicas") if deploy else None


def _ready_of(wanted: int | None) -> Reader:
    """Return a reader of how many pods are ready; fewer than were wanted is not "all"."""

    def read(pods: Mapping[str, Any]) -> Finding:
        ready, total = pods.get("ready"), pods.get("pods") if wanted is None else wanted
        if total is None or ready is None:
            return None, "pods not counted"
        return 0 < total == ready, f"{ready} of {total} ready"

    return read


def _accessible(service: Mapping[str, Any]) -> Finding:
    """Read whether the service has endpoints and answered somebody."""
    endpoints, requests = service.get("endpoints"), service.get("requests")
    if endpoints is None:
        return None, "endpoints not counted"
    if endpoints == 0:
        return False, "no endpoint is ready"
    if not requests:
        return None, f"{endpoints} endpoints ready, but no request was sent"
    answered = requests - service.get("failed", requests)
    return answered > 0, f"{endpoints} endpoints ready, {answered} of {requests} requests answered"


def _no_failed_requests(service: Mapping[str, Any]) -> Finding:
    """Read how many requests failed; without requests nobody knows."""
    requests, failed = service.get("requests"), service.get("failed")
    if not requests or failed is None:
        return None, "no request was sent"
    return failed == 0, f"{failed} of {requests} requests failed"


def _response_time(service: Mapping[str, Any]) -> Finding:
    """Read the response time; without an agreed limit it is a number, not a verdict."""
    p95 = service.get("p95_seconds")
    if p95 is None:
        return None, "no response was timed"
    return None, f"95% of requests within {p95:.3f}s, but no limit is agreed"


_READ_FROM: dict[Criterion, tuple[str, Reader]] = {
    Criterion.HEALTH_CHECKS_PASSED: ("check_health", _healthy),
    Criterion.NO_ERROR_LOGS: ("check_health", _no_errors),
    Criterion.SERVICE_ACCESSIBLE: ("monitor", _accessible),
    Criterion.ZERO_USER_FACING_ERRORS: ("monitor", _no_failed_requests),
    Criterion.RESPONSE_TIME_WITHIN_SLA: ("monitor", _response_time),
}
"""Which step's output speaks of a criterion, and how it is read."""
