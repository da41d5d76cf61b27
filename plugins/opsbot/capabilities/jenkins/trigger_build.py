"""Start a Jenkins build of an application and wait for its end.

The job must declare the parameters it is sent: Jenkins drops undeclared ones in silence. The
build archives the sources it built, with their commit; the image is made from that archive.
"""

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.jenkins.job_names import JobName
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class TriggerBuild(Value):
    """Which job to build, from which git reference, with which parameters."""

    job_name: JobName
    branch: str
    """A branch, a commit, or `refs/tags/<version>`."""
    parameters: dict[str, str | bool] = Field(default_factory=dict)


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="trigger_build",
    params=TriggerBuild,
    risk=Risk.MEDIUM,
    duration=Span(min=120, max=300),
    changes=True,
    undo="stop the build, or cancel it while it is queued; a finished build changes no environment",
    summary="Trigger a Jenkins build",
    what_it_does="Compiles source code, resolves dependencies, creates build artifacts",
)
