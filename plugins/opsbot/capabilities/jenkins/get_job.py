"""Describe a job: its kind, what it wants to be told, and how its last builds ended.

Jenkins' "last successful" build may be unstable; the last stable one is the last that passed.
"""

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import JobName
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class GetJob(Value):
    """Which one."""

    job_name: JobName


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_job",
    params=GetJob,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a job",
    what_it_does="Reads kind, parameters and last builds of a Jenkins job",
)
