"""List a job's builds, the newest first.

The newest build is anyone's; which one came from a trigger is told by its queue id or by the key
that the trigger sent along.
"""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import JobName
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind

MOST_BUILDS = 100
"""As many as Jenkins lists without loading all of a job's builds."""


class ListBuilds(Value):
    """Whose builds."""

    job_name: JobName
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")] | None = None
    """Only those that were triggered with this OPSBOT_RUN, among the newest 100."""
    limit: Annotated[int, Field(ge=1, le=MOST_BUILDS)] = 20


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="list_builds",
    params=ListBuilds,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="List builds",
    what_it_does="Lists the latest builds of a Jenkins job and how they ended",
)
