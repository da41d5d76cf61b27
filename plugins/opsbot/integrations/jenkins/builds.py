"""One build: what it says of itself, and what that proves.

`result` is set while a build still runs and only gets worse, so a build is over when `building`
is false and `inProgress` is not true. Jenkins' words are SUCCESS, UNSTABLE, FAILURE, ABORTED and
NOT_BUILT; the last is also what a build becomes that a newer one replaced. A build may have taken
another value for a parameter than the one that was sent, so the values are compared.
"""

from typing import Any

from pydantic import Field

from opsbot.integrations.jenkins import addresses, lookup
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

TREE = (
    "number,queueId,building,inProgress,result,artifacts[relativePath],"
    "actions[_class,parameters[name,value],causes[shortDescription]]"
)

ENDINGS = {"UNSTABLE": "is unstable", "FAILURE": "failed", "NOT_BUILT": "was not built"}


class Build(Value):
    """A build at one moment."""

    job: str
    number: int
    url: str
    over: bool
    result: str | None
    artifacts: tuple[str, ...] = ()
    parameters: dict[str, str] = Field(default_factory=dict)
    causes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The build's name for people."""
        return f"{self.job} #{self.number}"


def read(client: JenkinsClient, job: str, number: int) -> Build | None:
    """Return the build as it is now, or None where Jenkins knows none of that number."""
    path = addresses.of_build(job, number)
    found = client.find(path, TREE)
    if found is None:
        return None
    return Build(
        job=job,
        number=number,
        # Built here: the url that Jenkins believes in may be one that nobody can reach.
        url=client.server.url(path),
        over=found.get("building") is False and found.get("inProgress") is not True,
        result=found.get("result"),
        artifacts=tuple(str(each["relativePath"]) for each in found.get("artifacts") or []),
        parameters=lookup.parameters_of(found),
        causes=_causes(found),
    )


def require_sent(build: Build, sent: dict[str, str]) -> None:
    """Fail unless the build took the values that were sent."""
    wrong = [
        f"{name}={build.parameters.get(name, 'absent')!r} instead of {value!r}"
        for name, value in sent.items()
        if build.parameters.get(name) != value
    ]
    if wrong:
        raise StepFailed(
            f"{build.name} did not take what it was sent: {', '.join(wrong)}. "
            "Its result says nothing about what was asked."
        )


def failure(build: Build, tail: str) -> StepFailed | None:
    """Return why a build that is over is no success, or None."""
    superseded = [each for each in build.causes if each.startswith("Superseded by")]
    if superseded:
        return StepFailed(
            f"{build.name} did not finish: {superseded[0]}. A newer build took its place; "
            "it neither passed nor failed."
        )
    match build.result:
        case "SUCCESS":
            return None
        case "UNSTABLE" | "FAILURE" | "NOT_BUILT":
            words = ENDINGS[build.result]
            ending = f" Last lines:\n{tail}" if tail else ""
            return StepFailed(f"{build.name} {words}: {build.url}{ending}")
        case "ABORTED":
            return StepFailed(f"{build.name} was aborted by a person or a time limit: {build.url}")
        case other:
            return StepFailed(f"{build.name} ended with {other!r}, which proves nothing.")


def _causes(found: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        str(cause.get("shortDescription", ""))
        for action in found.get("actions") or []
        for cause in (action or {}).get("causes") or []
    )
