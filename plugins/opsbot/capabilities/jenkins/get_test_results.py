"""Say what a build's tests prove: passed, failed, or not proven.

A missing report is not "no failures", and failing tests may leave a build green. Coverage that
nobody measured is not zero.
"""

from typing import Annotated

from pydantic import Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.jenkins.job_names import OfBuild
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class GetTestResults(OfBuild):
    """Whose tests, and how many failures to list."""

    limit: Annotated[int, Field(ge=0, le=200)] = 20
    """At most so many failures; how many more there are is said."""


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="get_test_results",
    params=GetTestResults,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Get test results",
    what_it_does="Reads counts, failures and coverage from the test report of a Jenkins build",
)
