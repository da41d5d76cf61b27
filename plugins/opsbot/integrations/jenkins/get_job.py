"""Read a job: its kind, what it wants to be told, and how its last builds ended."""

from typing import Any

from opsbot.capabilities.jenkins.get_job import GetJob
from opsbot.integrations.jenkins import addresses, jobs, kinds
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.handle import KEY_PARAMETER
from opsbot.integrations.jenkins.kinds import Kind
from opsbot.integrations.jenkins.lookup import as_word
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import MASK, looks_secret

_DEFINITIONS = "parameterDefinitions[name,type,description,choices,defaultParameterValue[value]]"
_BUILD = "[number,building,result]"
TREE = (
    f"_class,fullName,description,buildable,inQueue,concurrentBuild,property[{_DEFINITIONS}],"
    f"lastBuild{_BUILD},lastCompletedBuild{_BUILD},lastStableBuild{_BUILD}"
)


class JobParameter(Value):
    """A value that the job takes."""

    name: str
    type: str
    """`String`, `Boolean`, `Choice`, `Password`..."""
    default: str | None
    """None: none, or a secret."""
    choices: tuple[str, ...]
    description: str


class LastBuild(Value):
    """A build in short."""

    build_number: int
    building: bool
    result: str | None


class JobDescription(Value):
    """A job, or a folder of jobs."""

    job: str
    kind: Kind
    description: str
    buildable: bool
    """False: a folder, disabled, or its branch is gone."""
    in_queue: bool
    concurrent: bool
    """Whether two of its builds may run at once."""
    takes_key: bool
    """Whether a lost trigger's build can be found again for certain."""
    parameters: tuple[JobParameter, ...]
    """A pipeline declares them only in its first build."""
    last_build: LastBuild | None
    last_completed: LastBuild | None
    last_passed: LastBuild | None


def run(client: JenkinsClient, params: GetJob, *, say: Say) -> JobDescription:
    """Return what Jenkins knows of the job."""
    found = client.find(addresses.of_job(params.job_name), TREE)
    if found is None:
        raise StepFailed(jobs.missing(client, params.job_name))
    declared = tuple(_parameter(each) for each in jobs.definitions(found))
    kind = kinds.of(found.get("_class"))
    say(f"{params.job_name} is a {kind} with {len(declared)} parameters.")
    return JobDescription(
        job=params.job_name,
        kind=kind,
        description=one_line(found.get("description")),
        buildable=bool(found.get("buildable")),
        in_queue=bool(found.get("inQueue")),
        concurrent=bool(found.get("concurrentBuild")),
        takes_key=any(each.name == KEY_PARAMETER for each in declared),
        parameters=declared,
        last_build=_last(found.get("lastBuild")),
        last_completed=_last(found.get("lastCompletedBuild")),
        last_passed=_last(found.get("lastStableBuild")),
    )


def _parameter(found: dict[str, Any]) -> JobParameter:
    name = one_line(found.get("name"))
    value = (found.get("defaultParameterValue") or {}).get("value")
    default = None if value is None else one_line(as_word(value))
    return JobParameter(
        name=name,
        type=str(found.get("type", "")).removesuffix("ParameterDefinition"),
        default=MASK if default and looks_secret(name) else default,
        choices=tuple(one_line(each) for each in found.get("choices") or ()),
        description=one_line(found.get("description")),
    )


def _last(found: dict[str, Any] | None) -> LastBuild | None:
    if not found:
        return None
    return LastBuild(
        build_number=int(found["number"]),
        building=bool(found.get("building")),
        result=found.get("result"),
    )
