"""Build an application in Jenkins, once, and learn what was built.

The job archives `build.json` beside its archive of the sources:
`{"commit": "<40 hex>", "version": "1.0.0", "archive": "application.tar", "archive_sha256": "..."}`.
The image is made from that archive, so a build that does not say what it built is not usable.
"""

from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.integrations.jenkins import artifacts, builds, following, jobs, trigger
from opsbot.integrations.jenkins.attempt import Memory
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

RECORD = "build.json"
RECORD_LIMIT = 64 * 1024
DEMANDED = (
    'The job must archive build.json: {"commit", "version", "archive", "archive_sha256"}, '
    "and the archive of the sources it names."
)


class BuildRecord(BaseModel):
    """What a build says of itself in `build.json`; other keys are the job's own business."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    commit: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,127}$")]
    archive: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    archive_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class BuildOutput(Value):
    """A finished build and the archive of the sources it was made from."""

    build_number: int
    url: str
    status: str
    artifacts: int
    job: str
    commit: str
    version: str
    archive: str
    """Path of the archive among the build's artifacts."""
    archive_sha256: str


def run(
    client: JenkinsClient,
    params: TriggerBuild,
    *,
    key: str,
    memory: Memory,
    say: Say,
) -> BuildOutput:
    """Build the branch and return what was built; a build of this key is never made twice."""
    branch = jobs.checked_reference(params.branch)
    job = jobs.read(client, params.job_name)
    order = jobs.order(job, {**params.parameters, "branch": branch}, key)
    handle = trigger.once(client, order, memory, say)
    ended = following.to_the_end(client, handle, memory, say)
    if problem := builds.failure(ended.build, ended.tail):
        raise problem
    builds.require_sent(ended.build, order.form)
    return _output(ended.build, record_of(client, ended.build))


def record_of(client: JenkinsClient, build: Build) -> BuildRecord:
    """Return the build's own record of what it built; `StepFailed` if it archived none."""
    found = [each for each in build.artifacts if PurePosixPath(each).name == RECORD]
    if len(found) != 1:
        raise StepFailed(f"{build.name} archived {len(found)} files {RECORD}. {DEMANDED}")
    text = artifacts.content(client, build.job, build.number, found[0], limit=RECORD_LIMIT)
    try:
        record = BuildRecord.model_validate_json(text)
    except ValidationError as problem:
        where = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or RECORD}: {each['msg']}"
            for each in problem.errors(include_input=False)
        )
        raise StepFailed(f"{RECORD} of {build.name} is wrong ({where}). {DEMANDED}") from None
    if record.archive not in build.artifacts:
        raise StepFailed(f"{build.name} did not archive {record.archive!r}. {DEMANDED}")
    return record


def _output(build: Build, record: BuildRecord) -> BuildOutput:
    return BuildOutput(
        build_number=build.number,
        url=build.url,
        status=str(build.result),
        artifacts=len(build.artifacts),
        job=build.job,
        **record.model_dump(),
    )
