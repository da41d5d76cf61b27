"""Read a job before it is triggered, and refuse what would not build what was asked.

Jenkins drops parameters that the job does not declare and takes the default instead: a typing
error would build something else, in green. A POST to a folder or a multibranch project starts a
scan, not a build. A pipeline declares its parameters only after its first run.
"""

import re
from email.utils import parsedate_to_datetime
from typing import Any

from opsbot.integrations.jenkins import addresses, kinds
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.handle import KEY_PARAMETER
from opsbot.vocabulary.errors import Refused, StepFailed
from opsbot.vocabulary.model import Value

TREE = "_class,fullName,buildable,concurrentBuild,property[parameterDefinitions[name,type,choices]]"
SAFE_REFERENCE = re.compile(r"(?!.*(\.\.|//|@\{))[A-Za-z0-9][A-Za-z0-9._/+@=-]{0,199}")
"""Git references that no shell, no option parser and no path can misread."""


class Parameter(Value):
    """One parameter that a job declares."""

    name: str
    type: str = ""
    choices: tuple[str, ...] = ()


class Job(Value):
    """What must be known of a job before it is triggered."""

    name: str
    parameters: tuple[Parameter, ...]
    asked_at: float
    """The server's own clock at that moment, in milliseconds."""

    @property
    def takes_key(self) -> bool:
        """Whether the job declares the parameter that carries our key."""
        return any(each.name == KEY_PARAMETER for each in self.parameters)


class Order(Value):
    """A build that is asked for: of which job, with which values, under which key."""

    job: Job
    form: dict[str, str]
    """What is sent, each value checked against what the job declares."""
    key: str
    """The same in each retry."""


def read(client: JenkinsClient, name: str) -> Job:
    """Return a job that can be built, or raise what stands against it."""
    response = client.ask(addresses.of_job(name), TREE)
    if response is None:
        raise StepFailed(missing(client, name))
    date = response.headers.get("Date")
    found = client.object_of(response)
    _require_buildable(name, found)
    asked_at = parsedate_to_datetime(date).timestamp() * 1000 if date else 0.0
    return Job(name=name, parameters=_declared(found), asked_at=asked_at)


def missing(client: JenkinsClient, name: str) -> str:
    """Say that Jenkins shows no such job: it answers alike for what is hidden."""
    return (
        f"The Jenkins job {name!r} is missing, or {client.user!r} may not see it. "
        "Check the job's full name and the user's right Job/Read."
    )


def definitions(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters that a job declares, as Jenkins describes them."""
    return [
        each
        for holder in found.get("property") or []
        for each in (holder or {}).get("parameterDefinitions") or []
    ]


def order(job: Job, values: dict[str, str | bool], key: str) -> Order:
    """Return the order of a build; refuse a value that the job would ignore or misread."""
    declared = {each.name: each for each in job.parameters}
    unknown = sorted(set(values) - set(declared))
    if unknown:
        names = ", ".join(sorted(declared)) or "none (a pipeline declares them in its first run)"
        raise Refused(
            f"The Jenkins job {job.name!r} does not declare {', '.join(unknown)} and would ignore "
            f"it in silence. It declares: {names}."
        )
    sent = {name: _word(declared[name], value) for name, value in values.items()}
    form = sent | ({KEY_PARAMETER: key} if job.takes_key else {})
    return Order(job=job, form=form, key=key)


def checked_reference(branch: str) -> str:
    """Return a git reference, or refuse one that a job's shell could misread."""
    if not SAFE_REFERENCE.fullmatch(branch):
        raise Refused(f"{branch[:80]!r} is no branch, tag or commit that is sent to Jenkins.")
    return branch


def _require_buildable(name: str, found: dict[str, Any]) -> None:
    kind = str(found.get("_class", ""))
    if kinds.of(kind) in kinds.HOLDERS or "buildable" not in found:
        raise Refused(
            f"{name!r} is a {kind.rpartition('.')[2] or 'folder'} of Jenkins, not a job: "
            "name the job inside it."
        )
    if not found["buildable"]:
        raise Refused(f"The Jenkins job {name!r} is disabled, or its branch is gone: enable it.")


def _declared(found: dict[str, Any]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(
            name=str(each["name"]),
            type=str(each.get("type", "")),
            choices=tuple(map(str, each.get("choices") or ())),
        )
        for each in definitions(found)
    )


def _word(parameter: Parameter, value: str | bool) -> str:
    word = str(value).lower() if isinstance(value, bool) else value
    if parameter.type == "BooleanParameterDefinition" and word not in ("true", "false"):
        raise Refused(f"{parameter.name}={value!r}: Jenkins takes all but `true` for false.")
    if parameter.choices and word not in parameter.choices:
        raise Refused(
            f"{parameter.name}={value!r} is not among the job's choices: "
            f"{', '.join(parameter.choices)}."
        )
    return word
