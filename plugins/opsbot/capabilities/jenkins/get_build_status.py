"""Say what has become of a build, from the queue to its end.

A result is set while a build still runs and only gets worse, so only a build that is over has
passed. A build that a newer one replaced has neither passed nor failed.
"""

from typing import Self

from pydantic import model_validator

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import BuildNumber, JobName, QueueId
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetBuildStatus(Value):
    """Which build: by its number, or by its queue item while it has none."""

    job_name: JobName
    build_number: BuildNumber | None = None
    queue_id: QueueId | None = None

    @model_validator(mode="after")
    def _names_one_build(self) -> Self:
        if (self.build_number is None) == (self.queue_id is None):
            raise ValueError("name the build by build_number or by queue_id, one of the two")
        return self


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_build_status",
    params=GetBuildStatus,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a build's status",
    what_it_does="Reads whether a Jenkins build waits, runs or has ended, and how",
)
