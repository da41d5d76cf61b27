"""Run an application's tests as a Jenkins job and read what they prove.

A green build without a test report proves nothing, and coverage that nobody measured is not zero:
both are told apart. The job also runs the SonarQube scanner and archives its `report-task.txt`,
so that the scan steps judge exactly this analysis.
"""

from typing import Literal

from pydantic import Field

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.jenkins.job_names import JobName
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class RunTests(Value):
    """Which test job to run, and what its result must be."""

    job_name: JobName
    branch: str
    test_suite: Literal["all"] = "all"
    coverage_required: int = Field(ge=0, le=100)
    """Percent of lines."""
    fail_on_error: Literal[True] = True


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="run_tests",
    params=RunTests,
    risk=Risk.MEDIUM,
    duration=Span(min=180, max=420),
    changes=True,
    undo="stop the build; tests change no environment",
    summary="Execute test suite",
    what_it_does="Executes unit tests, integration tests, generates coverage report",
)
