"""Read the stages of a pipeline build from the pipeline's own API.

Its words differ from the build's (FAILED, not FAILURE). It comes with a plugin and knows pipelines
only: where it answers nothing, stages are not available, which says nothing about the build.
"""

from typing import Any

from opsbot.capabilities.jenkins.get_build_stages import GetBuildStages
from opsbot.integrations.jenkins import addresses, builds, inputs
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.inputs import PendingInput
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class StageOfBuild(Value):
    """A stage."""

    name: str
    status: str
    """SUCCESS, FAILED, UNSTABLE, ABORTED, NOT_EXECUTED, IN_PROGRESS or PAUSED_PENDING_INPUT."""
    seconds: float
    paused_seconds: float
    """How long of that it waited for an answer."""
    error: str


class BuildStages(Value):
    """The stages of a build, in their order; parallel and nested ones too."""

    job: str
    build_number: int
    available: bool
    """False: not a pipeline, or the server lacks the plugin."""
    status: str = ""
    """The whole pipeline's, in the words of its stages."""
    stages: tuple[StageOfBuild, ...] = ()
    left_off: int = 0
    """Further ones, beyond the limit."""
    waits_for: tuple[PendingInput, ...] = ()


def run(client: JenkinsClient, params: GetBuildStages, *, say: Say) -> BuildStages:
    """Return the stages that were begun."""
    job, number = params.job_name, params.build_number
    found = client.find_at(f"{addresses.of_build(job, number)}wfapi/describe")
    if found is None:
        builds.require(client, job, number)
        say(f"{job} #{number} has no stages to show.")
        return BuildStages(job=job, build_number=number, available=False)
    stages = [_stage(each) for each in found.get("stages") or []]
    say(f"{job} #{number}: {one_line(found.get('status'))}, {len(stages)} stages.")
    return BuildStages(
        job=job,
        build_number=number,
        available=True,
        status=one_line(found.get("status")),
        stages=tuple(stages[: params.limit]),
        left_off=max(0, len(stages) - params.limit),
        waits_for=inputs.pending(client, job, number) or (),
    )


def _stage(found: dict[str, Any]) -> StageOfBuild:
    return StageOfBuild(
        name=one_line(found.get("name")),
        status=one_line(found.get("status")),
        seconds=int(found.get("durationMillis") or 0) / 1000,
        paused_seconds=int(found.get("pauseDurationMillis") or 0) / 1000,
        error=one_line((found.get("error") or {}).get("message")),
    )
