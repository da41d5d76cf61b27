"""Stop a build and return how it really ended."""

from typing import Literal

from opsbot.capabilities.jenkins.stop_build import StopBuild
from opsbot.integrations.jenkins import builds, stopping
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class StoppedBuild(Value):
    """A build that is over."""

    job: str
    build_number: int
    outcome: Literal["stopped", "had_ended"]
    """`had_ended`: the stop came too late, or somebody else's was first."""
    state: builds.State
    result: str | None
    url: str


def run(client: JenkinsClient, params: StopBuild, *, say: Say) -> StoppedBuild:
    """Stop the build if it runs; `StepFailed` where it goes on running."""
    build, in_time = stopping.end(client, params.job_name, params.build_number)
    outcome: Literal["stopped", "had_ended"] = "stopped" if in_time else "had_ended"
    told = "was stopped; what it had done stays" if in_time else f"had ended with {build.result}"
    say(f"{build.name} {told}.")
    return StoppedBuild(
        job=build.job,
        build_number=build.number,
        outcome=outcome,
        state=build.state,
        result=build.result,
        url=build.url,
    )
