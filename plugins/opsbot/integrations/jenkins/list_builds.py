"""List a job's builds, the newest first."""

from pydantic import Field

from opsbot.capabilities.jenkins.list_builds import MOST_BUILDS, ListBuilds
from opsbot.integrations.jenkins import addresses, builds, jobs
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.handle import KEY_PARAMETER
from opsbot.integrations.jenkins.text import moment, values
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class ListedBuild(Value):
    """A build in a list."""

    build_number: int
    queue_id: int | None
    state: builds.State
    result: str | None
    """Jenkins' word; while the build runs, what is certain so far."""
    building: bool
    started_at: str
    """RFC 3339."""
    seconds: float | None
    """How long it ran; None while it runs."""
    causes: tuple[str, ...]
    parameters: dict[str, str] = Field(default_factory=dict)


class Builds(Value):
    """The newest builds of a job."""

    job: str
    builds: tuple[ListedBuild, ...]
    more: bool
    """Whether there are older ones, fitting or not."""


def run(client: JenkinsClient, params: ListBuilds, *, say: Say) -> Builds:
    """Return the newest builds, all or those of one key."""
    wanted = MOST_BUILDS if params.key else params.limit
    tree = f"_class,builds[{builds.FIELDS}]{{0,{wanted + 1}}}"
    found = client.find(addresses.of_job(params.job_name), tree)
    if found is None:
        raise StepFailed(jobs.missing(client, params.job_name))
    if "builds" not in found:
        raise StepFailed(f"{params.job_name!r} is a folder of Jenkins: name the job inside it.")
    known = [builds.from_json(client, params.job_name, each) for each in found["builds"]]
    fitting = [each for each in known[:wanted] if _fits(each, params.key)]
    say(f"{params.job_name} has {len(fitting)} such builds among its newest {wanted}.")
    return Builds(
        job=params.job_name,
        builds=tuple(_listed(each) for each in fitting[: params.limit]),
        more=len(known) > wanted or len(fitting) > params.limit,
    )


def _fits(build: Build, key: str | None) -> bool:
    return key is None or build.parameters.get(KEY_PARAMETER) == key


def _listed(build: Build) -> ListedBuild:
    return ListedBuild(
        build_number=build.number,
        queue_id=build.queue_id,
        state=build.state,
        result=build.result,
        building=not build.over,
        started_at=moment(build.started),
        seconds=build.milliseconds / 1000 if build.over else None,
        causes=build.causes,
        parameters=values(build.parameters),
    )
