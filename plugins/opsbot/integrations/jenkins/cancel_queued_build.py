"""Cancel a queued build, and tell whether it started after all."""

from typing import Literal

from opsbot.capabilities.jenkins.cancel_queued_build import CancelQueuedBuild
from opsbot.integrations.jenkins import queued, stopping
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class CancelledBuild(Value):
    """What became of the queued build."""

    job: str
    queue_id: int
    outcome: Literal["cancelled", "started"]
    build_number: int | None
    """Set where it had started: then it runs on, or has ended."""


def run(client: JenkinsClient, params: CancelQueuedBuild, *, say: Say) -> CancelledBuild:
    """Cancel the item; one that is cancelled or started already is left as it is."""
    found = queued.find(client, params.queue_id, params.job_name)
    number = found.number
    if found.item is None and number is None:
        raise StepFailed(queued.forgotten(params.queue_id, params.job_name))
    if number is None and found.item is not None and found.item.state != "cancelled":
        number = stopping.cancel(client, params.job_name, params.queue_id)
    outcome: Literal["cancelled", "started"] = "cancelled" if number is None else "started"
    told = "cancelled; nothing was built" if number is None else f"started as #{number}"
    say(f"{params.job_name}: queue item {params.queue_id} is {told}.")
    return CancelledBuild(
        job=params.job_name,
        queue_id=params.queue_id,
        outcome=outcome,
        build_number=number,
    )
