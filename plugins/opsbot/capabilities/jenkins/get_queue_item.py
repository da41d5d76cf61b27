"""Say where a queued build is.

Jenkins forgets an item five minutes after it left the queue. With the job's name its build is then
looked for; that an item is unknown means neither cancelled nor finished.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import JobName, QueueId
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetQueueItem(Value):
    """Which one."""

    queue_id: QueueId
    job_name: JobName | None = None
    """Whose builds to look through where the item is forgotten."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_queue_item",
    params=GetQueueItem,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a queued build",
    what_it_does="Reads whether a queued Jenkins build waits, was cancelled or has started",
)
