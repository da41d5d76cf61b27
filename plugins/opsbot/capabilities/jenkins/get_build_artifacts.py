"""List what a build archived, or fetch one file of it and say what its bytes are.

The list is complete only once the build is over. A file's sha256 is that of the bytes fetched; only
a short text is returned as such.
"""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import OfBuild
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class GetBuildArtifacts(OfBuild):
    """Whose files; with a path, which one."""

    path: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    """As the list writes it: `reports/junit.xml`."""
    max_bytes: Annotated[int, Field(ge=1, le=512 * 1024 * 1024)] = 16 * 1024 * 1024
    """A larger file is not fetched."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """At most so many in the list; how many more there are is said."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_build_artifacts",
    params=GetBuildArtifacts,
    risk=Risk.LOW,
    duration=Span(min=0, max=120),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get a build's artifacts",
    what_it_does="Lists the files that a Jenkins build archived, or fetches one with its sha256",
)
