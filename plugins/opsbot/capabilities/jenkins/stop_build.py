"""Stop a running build and wait until it has really ended.

A stop is no undo: what the build has published or deployed stays, and builds that it started go on.
Harder means than a stop leave locks and nodes behind and are a person's decision.
"""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.jenkins.job_names import OfBuild
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class StopBuild(OfBuild):
    """Which one."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="stop_build",
    params=StopBuild,
    risk=Risk.HIGH,
    duration=Span(min=0, max=60),
    changes=True,
    undo="irreversible: what the build has done so far stays half done",
    summary="Stop a build",
    what_it_does="Stops a running Jenkins build; what it has already done stays",
)
