"""Take a build out of the queue before it starts.

The job is named besides the item, so that a wrong number cancels nobody else's build. An item may
start in the moment it is cancelled; that is told, and the build goes on.
"""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.jenkins.job_names import JobName, QueueId
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class CancelQueuedBuild(Value):
    """Which one."""

    job_name: JobName
    queue_id: QueueId


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="cancel_queued_build",
    params=CancelQueuedBuild,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=True,
    undo="trigger the build again with the same parameters",
    summary="Cancel a queued build",
    what_it_does="Takes a waiting build out of Jenkins' queue; nothing is built",
)
