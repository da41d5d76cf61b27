"""Read what has become of a build, from the queue to its end."""

from typing import Literal

from pydantic import Field

from opsbot.capabilities.jenkins.get_build_status import GetBuildStatus
from opsbot.integrations.jenkins import builds, changes, inputs, queued
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.changes import Change
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.inputs import PendingInput
from opsbot.integrations.jenkins.queue_items import QueueItem
from opsbot.integrations.jenkins.text import moment, values
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class BuildStatus(Value):
    """A build at one moment."""

    job: str
    build_number: int | None = None
    """None: it has not started."""
    queue_id: int | None = None
    state: Literal["queued", "cancelled"] | builds.State
    building: bool = False
    result: str | None = None
    """Jenkins' word; while the build runs, what is certain so far."""
    why: str = ""
    """Why it waits."""
    url: str = ""
    started_at: str | None = None
    """RFC 3339."""
    seconds: float | None = None
    """How long it ran; None while it has not ended."""
    causes: tuple[str, ...] = ()
    parameters: dict[str, str] = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    waits_for: tuple[PendingInput, ...] = ()
    """Answers that a running pipeline waits for."""


def run(client: JenkinsClient, params: GetBuildStatus, *, say: Say) -> BuildStatus:
    """Return the state of a build, or of its queue item while it has no number."""
    number = params.build_number
    if number is None:
        found = queued.find(client, params.queue_id or 0, params.job_name)
        if found.item is not None and found.number is None:
            return _queued(params.job_name, found.item, say)
        number = found.number
    if number is None:
        raise StepFailed(queued.forgotten(params.queue_id or 0, params.job_name))
    return _status(client, builds.require(client, params.job_name, number), say)


def _queued(job: str, item: QueueItem, say: Say) -> BuildStatus:
    cancelled = item.state == "cancelled"
    say(f"{job}: queue item {item.id} is {item.state}.")
    return BuildStatus(
        job=job,
        queue_id=item.id,
        state="cancelled" if cancelled else "queued",
        why=item.why,
        parameters=values(item.parameters),
    )


def _status(client: JenkinsClient, build: Build, say: Say) -> BuildStatus:
    waiting = () if build.over else inputs.pending(client, build.job, build.number) or ()
    say(f"{build.name}: {build.state}.")
    return BuildStatus(
        job=build.job,
        build_number=build.number,
        queue_id=build.queue_id,
        state=build.state,
        building=not build.over,
        result=build.result,
        url=build.url,
        started_at=moment(build.started),
        seconds=build.milliseconds / 1000 if build.over else None,
        causes=build.causes,
        parameters=values(build.parameters),
        changes=changes.of(client, build.job, build.number),
        waits_for=waiting,
    )
