"""The verdict over a rollout: complete, waiting, or to be aborted.

Deployment conditions say nothing while pods crash, so the rule is our own. It judges the new
version alone, and one container at a time: three replicas that crash once each are not one that
crashed three times. A rollout that looks complete between two crashes is still one to abort.

Some troubles end by themselves, or by somebody who brings what lacks; they get a grace. An image
name that cannot be parsed never heals. A program that needs long to become ready shows nothing
wrong, and only the progress deadline, which each newly available pod renews, ends its time.
"""

from pydantic import Field

from opsbot.verification.containers import Container
from opsbot.verification.observation import Observation
from opsbot.vocabulary.model import Value

NEVER_HEALS = frozenset({"InvalidImageName"})
MAY_HEAL = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrImageNeverPull",
        "RegistryUnavailable",
        "ImageInspectError",
        "CreateContainerConfigError",
    }
)


class Limits(Value):
    """How much a rollout may show before it is aborted."""

    ends: int = Field(default=3, ge=1)
    """Ends of one container."""
    grace: float = 15.0
    """Seconds for a missing image or configuration to appear."""
    deadline: float = 300.0
    """Seconds without progress, for when the controller itself does not speak up."""


class Complete(Value):
    """Every replica is of the new version and available."""


class Waiting(Value):
    """Nothing is wrong so far."""

    reason: str


class Abort(Value):
    """Waiting longer would not help, or has gone on long enough."""

    reason: str
    pod: str = ""
    container: str = ""
    exit_code: int | None = None


Verdict = Complete | Waiting | Abort

_CONTROLLER_MARGIN = 30.0
"""Seconds that the controller gets beyond the deadline to report it itself."""


def verdict(observation: Observation, limits: Limits) -> Verdict:
    """Judge a rollout by one observation and what it remembers."""
    if not observation.seen_by_controller:
        return _unseen(observation, limits)
    for container in observation.containers:
        reason = _hopeless(container, observation.at, limits)
        if reason:
            return _abort(container, reason)
    if observation.complete:
        return Complete()
    return _late(observation, limits) or Waiting(reason=_words(observation))


def _hopeless(container: Container, at: float, limits: Limits) -> str:
    """Return why a container will not come up, or nothing."""
    if container.waiting in NEVER_HEALS:
        return f"{container.waiting}: {container.message}"
    if container.lasting:
        return f"no restart can heal it{_how(container)}: {container.lasting}"
    if container.ends >= limits.ends:
        return f"it ended {container.ends} times{_how(container)}"
    since = container.waiting_since
    if container.waiting in MAY_HEAL and since is not None and at - since >= limits.grace:
        return f"{container.waiting} for {at - since:.0f} s: {container.message}"
    return ""


def _late(observation: Observation, limits: Limits) -> Abort | None:
    """Return the abort of a rollout that made no progress in time."""
    idle = observation.at - observation.progressed_at
    if not observation.deadline and idle < limits.deadline + _CONTROLLER_MARGIN:
        return None
    why = observation.deadline or f"no progress for {idle:.0f} s"
    troubled = next((c for c in observation.containers if c.waiting or c.end), None)
    if troubled is not None:
        return _abort(troubled, f"{why}; {troubled.waiting or 'it ended'}{_how(troubled)}")
    detail = observation.obstacle or "its pods do not become ready"
    first = observation.containers[:1]
    return Abort(reason=f"{why}: {detail}", **_place(first[0]) if first else {})


def _unseen(observation: Observation, limits: Limits) -> Verdict:
    """Judge a rollout that the Deployment controller has not taken up."""
    idle = observation.at - observation.progressed_at
    if idle >= limits.deadline + _CONTROLLER_MARGIN:
        return Abort(reason=f"the Deployment controller did not act for {idle:.0f} s")
    return Waiting(reason="the Deployment controller has not seen the new version yet")


def _abort(container: Container, reason: str) -> Abort:
    code = container.end.exit_code if container.end else None
    return Abort(reason=reason, exit_code=code, **_place(container))


def _place(container: Container) -> dict[str, str]:
    return {"pod": container.pod, "container": container.name}


def _how(container: Container) -> str:
    """Say how the container ended last."""
    if container.end is None:
        return f" ({container.message})" if container.message else ""
    message = f", {container.end.message.strip()}" if container.end.message else ""
    return f" ({container.end.reason}, exit code {container.end.exit_code}{message})"


def _words(observation: Observation) -> str:
    """Say how far the rollout is, and what is in its way."""
    words = f"{observation.ready_pods}/{observation.wanted} pods of the new version ready"
    troubled = [each for each in observation.containers if each.waiting or each.ends]
    for each in troubled[:1]:
        state = each.waiting or ("running again" if each.running else "ended")
        words += f"; {each.pod}: {state}, {each.ends} ends"
    return f"{words}; {observation.obstacle}" if observation.obstacle else words
