"""One build: what it says of itself, and what that proves.

`result` is set while a build still runs and only gets worse, so a build is over when `building`
is false and `inProgress` is not true. Jenkins' words are SUCCESS, UNSTABLE, FAILURE, ABORTED and
NOT_BUILT; the last is also what a build becomes that a newer one replaced. A build may have taken
another value for a parameter than the one that was sent, so the values are compared.
"""

from typing import Any, Literal

from pydantic import Field

from opsbot.integrations.jenkins import addresses, lookup
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

State = Literal[
    "running", "passed", "unstable", "failed", "aborted", "not_built", "superseded", "unknown"
]
FIELDS = (
    "number,queueId,building,inProgress,result,timestamp,duration,"
    "actions[_class,parameters[name,value],causes[shortDescription]]"
)
TREE = f"{FIELDS},artifacts[relativePath]"
STATES: dict[str | None, State] = {
    "SUCCESS": "passed",
    "UNSTABLE": "unstable",
    "FAILURE": "failed",
    "ABORTED": "aborted",
    "NOT_BUILT": "not_built",
}
SUPERSEDED = "Superseded by"


class Build(Value):
    """A build at one moment."""

    job: str
    number: int
    queue_id: int | None
    url: str
    over: bool
    result: str | None
    """Jenkins' word; while the build runs, what is certain so far."""
    started: float
    """Milliseconds since 1970."""
    milliseconds: int
    """How long it ran; 0 while it runs."""
    artifacts: tuple[str, ...] = ()
    parameters: dict[str, str] = Field(default_factory=dict)
    causes: tuple[str, ...] = ()
    """Why it was started and, where it was, why it was interrupted."""

    @property
    def name(self) -> str:
        """The build's name for people."""
        return f"{self.job} #{self.number}"

    @property
    def superseded(self) -> str:
        """`Superseded by #8` where a newer build took its place; else empty."""
        return next((each for each in self.causes if each.startswith(SUPERSEDED)), "")

    @property
    def state(self) -> State:
        """What has become of it."""
        if not self.over:
            return "running"
        if self.superseded and self.result in ("NOT_BUILT", "ABORTED"):
            return "superseded"
        return STATES.get(self.result, "unknown")


def read(client: JenkinsClient, job: str, number: int) -> Build | None:
    """Return the build as it is now, or None where Jenkins knows none of that number."""
    found = client.find(addresses.of_build(job, number), TREE)
    return None if found is None else from_json(client, job, found)


def require(client: JenkinsClient, job: str, number: int) -> Build:
    """Return the build as it is now; `StepFailed` where Jenkins shows none."""
    build = read(client, job, number)
    if build is None:
        raise StepFailed(
            f"Jenkins knows no build {job} #{number}, or {client.user!r} may not see it: it never "
            "was, or was deleted or rotated. Look at the job's builds."
        )
    return build


def from_json(client: JenkinsClient, job: str, found: dict[str, Any]) -> Build:
    """Read what Jenkins says of a build."""
    number = int(found["number"])
    return Build(
        job=job,
        number=number,
        queue_id=found.get("queueId"),
        # Built here: the url that Jenkins believes in may be one that nobody can reach.
        url=client.server.url(addresses.of_build(job, number)),
        over=found.get("building") is False and found.get("inProgress") is not True,
        result=found.get("result"),
        started=float(found.get("timestamp") or 0),
        milliseconds=int(found.get("duration") or 0),
        artifacts=tuple(str(each["relativePath"]) for each in found.get("artifacts") or []),
        parameters=lookup.parameters_of(found),
        causes=tuple(
            one_line(each.get("shortDescription"))
            for each in lookup.causes_of(found)
            if each.get("shortDescription")
        ),
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
            "Its result says nothing about what was asked: correct the job's parameters."
        )


def failure(build: Build, tail: str) -> StepFailed | None:
    """Return why a build that is over is no success, or None."""
    ending = f" Last lines:\n{tail}" if tail else ""
    match build.state:
        case "passed":
            return None
        case "superseded":
            words = (
                f"did not finish: {build.superseded}. A newer build took its place; it neither "
                "passed nor failed. Look at that one, or start anew"
            )
        case "unstable":
            words = f"is unstable: tests or a check did not pass. See {build.url}.{ending}"
        case "failed":
            words = f"failed. Correct what its log tells: {build.url}.{ending}"
        case "not_built":
            words = f"was not built: Jenkins ended it before its work was done. See {build.url}"
        case "aborted":
            words = (
                f"was aborted by a person or a time limit{_by(build)}. What it had done stays; "
                f"start anew if it is still wanted. See {build.url}"
            )
        case _:
            words = f"ended with {build.result!r}, which proves nothing. See {build.url}"
    return StepFailed(f"{build.name} {words}")


def _by(build: Build) -> str:
    told = [each for each in build.causes if not each.startswith("Started by")]
    return f" ({'; '.join(told)})" if told else ""
