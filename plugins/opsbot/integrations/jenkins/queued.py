"""Find what a queue id stands for: an item that is known, or the build it has become."""

from opsbot.integrations.jenkins import lookup, queue_items
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.queue_items import QueueItem
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value


class Found(Value):
    """What is known of a queue id; neither item nor number: nothing."""

    item: QueueItem | None = None
    number: int | None = None


def find(client: JenkinsClient, queue_id: int, job: str | None) -> Found:
    """Return the item, or the build that came from it where the item is forgotten."""
    item = queue_items.read(client, queue_id)
    if item is not None:
        if job is not None and item.job != job:
            raise Refused(
                f"Queue item {queue_id} is not of the job {job!r} but of "
                f"{item.job or 'a step inside a running pipeline'}. Name the right one."
            )
        return Found(item=item, number=item.number)
    build = lookup.by_queue_id(client, job, queue_id) if job is not None else None
    return Found(number=build.number if build else None)


def forgotten(queue_id: int, job: str | None) -> str:
    """Say that nothing is known of a queue id, and what that does not mean."""
    where = f" nor a build of it in {job!r}" if job else ""
    hint = "Look at the job's builds." if job else "Name the job, so that its builds are searched."
    return (
        f"Jenkins knows neither queue item {queue_id}{where}: it never was, is hidden from this "
        "user, or left the queue more than five minutes ago. That means neither cancelled nor "
        f"finished. {hint}"
    )
