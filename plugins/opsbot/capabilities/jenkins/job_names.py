"""Names of jobs, numbers of builds and ids of queue items, as arguments.

A full name is the path through the folders, `team/my-application`; a multibranch project keeps its
branch `feature/x` as `feature%2Fx`, which is written just so. A build has an id in the queue first
and a number, counted for each job, once it starts.
"""

from typing import Annotated

from pydantic import Field

from opsbot.vocabulary.model import Value

_LETTER = r"[^/\\?*|<>\x00-\x1f]"
_NAME = rf"(?:\.{{0,2}}[^./\\?*|<>\x00-\x1f]{_LETTER}*)"

JobName = Annotated[str, Field(pattern=rf"^{_NAME}(?:/{_NAME})*$", max_length=500)]
"""`team/my-application`"""
BuildNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
QueueId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class OfBuild(Value):
    """The parameters of a tool that is about one build."""

    job_name: JobName
    build_number: BuildNumber
