"""Read where a queued build is: waiting, cancelled, or started as which number."""

from typing import Literal

from pydantic import Field

from opsbot.capabilities.jenkins.get_queue_item import GetQueueItem
from opsbot.integrations.jenkins import queue_items, queued
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import moment, values
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class QueuedBuild(Value):
    """A queue item at one moment."""

    queue_id: int
    job: str | None
    """None: not known, or a step inside a running pipeline."""
    state: queue_items.State | Literal["forgotten"]
    """`forgotten` means neither cancelled nor finished."""
    why: str = ""
    build_number: int | None = None
    """None: it has not started, or that is not known."""
    in_queue_since: str | None = None
    """RFC 3339; None: not known any more."""
    parameters: dict[str, str] = Field(default_factory=dict)


def run(client: JenkinsClient, params: GetQueueItem, *, say: Say) -> QueuedBuild:
    """Return the item, or the build that it has become."""
    found = queued.find(client, params.queue_id, params.job_name)
    item = found.item
    if item is None:
        started = found.number is not None
        why = "" if started else queued.forgotten(params.queue_id, params.job_name)
        say(f"Queue item {params.queue_id}: {f'started as #{found.number}' if started else why}")
        return QueuedBuild(
            queue_id=params.queue_id,
            job=params.job_name,
            state="started" if started else "forgotten",
            why=why,
            build_number=found.number,
        )
    say(f"Queue item {item.id} of {item.job}: {item.state}. {item.why}")
    return QueuedBuild(
        queue_id=item.id,
        job=item.job,
        state=item.state,
        why=item.why,
        build_number=item.number,
        in_queue_since=moment(item.since),
        parameters=values(item.parameters),
    )
