"""List the jobs that the connection's user may see, through three levels of folders."""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import JobName
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class ListJobs(Value):
    """Where to look."""

    folder: JobName | None = None
    """A folder or multibranch project; None: the whole server."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """At most so many; how many more there are is said."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="list_jobs",
    params=ListJobs,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List jobs",
    what_it_does="Lists Jenkins jobs and folders with their kind and last result",
)
