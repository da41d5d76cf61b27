"""List the stages of a pipeline build, and what it waits for.

Only pipelines have stages, and only a server with the stage view's plugin tells them. A stage that
was not reached is not listed, or as not executed.
"""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import OfBuild
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class GetBuildStages(OfBuild):
    """Whose stages."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    """At most so many, the first ones; how many more there are is said."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_build_stages",
    params=GetBuildStages,
    risk=Risk.LOW,
    duration=Span(min=0, max=30),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a build's stages",
    what_it_does="Lists the stages of a Jenkins pipeline build and the approvals it waits for",
)
