"""Look through the recent logs of an application's pods for errors.

As a check it reads the deployed version's pods and fails for the first error. As an answer it reads
all of them, also what crashed containers wrote before they ended, and quotes what it found. A
container that has not started has no log, which is an answer too.
"""

from opsbot.capabilities.kubernetes.get_pod_logs import GetPodLogs
from opsbot.integrations.kubernetes import faults, logs, objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.get_pods import list_pods, of_version
from opsbot.integrations.kubernetes.objects import Json
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.integrations.kubernetes.running import deployed
from opsbot.verification import containers, log_lines
from opsbot.verification.log_lines import Findings
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

_QUOTED = 5
"""Error lines that are quoted."""
_LAST_WORDS, _CRASHED = 30, 5
"""Lines of each crashed container, for a stack trace is long, and how many containers."""
_LONGEST = 300


class LogsOutput(Value):
    """What the logs show."""

    pods: int
    errors: int
    warnings: int
    health: str
    """`healthy`, `errors`, `crashed`, `not_started` or `no_pods`."""
    quotes: tuple[str, ...] = ()
    """Lines that tell of trouble, each with its pod."""


def run(
    cluster: Cluster,
    params: GetPodLogs,
    *,
    say: Say,
    deployment: DeployOutput | None = None,
) -> LogsOutput:
    """Return the counts; a check fails if a log of `deployment` tells of an error, quoting it."""
    if params.check_errors:
        return _check(cluster, params, deployed(deployment), say)
    pods = list_pods(cluster, params.namespace, params.pod_selector)
    if params.previous:
        return _last_words(cluster, params, pods)
    found = _read(cluster, params, pods, say)
    return _output(found, len(pods), health=_health(found, len(pods)))


def _check(cluster: Cluster, params: GetPodLogs, deployment: DeployOutput, say: Say) -> LogsOutput:
    labels = of_version(params.pod_selector, deployment)
    pods = list_pods(cluster, params.namespace, labels)
    if not pods:
        raise StepFailed(
            f"No pod of the deployed version of {deployment.deployment!r} is left in "
            f"{params.namespace!r}, so its health cannot be checked. Look at the Deployment."
        )
    found = _read(cluster, params, pods, say)
    if len(found) < len(pods):
        raise StepFailed(
            f"{len(pods) - len(found)} of {len(pods)} pods of the deployed version of "
            f"{deployment.deployment!r} have no log: their containers have not started."
        )
    quotes = _error_lines(found)
    if quotes:
        raise StepFailed(_message(deployment, quotes))
    return _output(found, len(pods), health="healthy")


def _read(cluster: Cluster, params: GetPodLogs, pods: list[Json], say: Say) -> dict[str, Findings]:
    """Return the findings for each pod that has a log."""
    found = {}
    for name in (objects.name_of(pod) for pod in pods):
        try:
            text = cluster.log(params.namespace, name, params.container, lines=params.tail_lines)
        except (faults.NoLog, faults.Missing):
            say(f"{name}: no log, the container has not started")
            continue
        found[name] = log_lines.inspect(logs.lines_of(redact(text)))
        say(f"{name}: {len(found[name].errors)} errors, {len(found[name].warnings)} warnings")
    return found


def _last_words(cluster: Cluster, params: GetPodLogs, pods: list[Json]) -> LogsOutput:
    """Return what the containers that ended wrote last, whichever container of a pod it was."""
    ended = [each for each in containers.read(pods, at=0.0) if each.ends]
    quotes = [
        f"{each.pod}/{each.name}: {line[:_LONGEST]}"
        for each in ended[:_CRASHED]
        for line in logs.of_ended(cluster, params.namespace, each)[-_LAST_WORDS:]
    ]
    more = [f"and {len(ended) - _CRASHED} more containers ended"] if len(ended) > _CRASHED else []
    health = "crashed" if ended else "healthy" if pods else "no_pods"
    return LogsOutput(pods=len(pods), errors=0, warnings=0, health=health, quotes=(*quotes, *more))


def _output(found: dict[str, Findings], pods: int, *, health: str) -> LogsOutput:
    quotes = _error_lines(found)
    return LogsOutput(
        pods=pods,
        errors=len(quotes),
        warnings=sum(len(each.warnings) for each in found.values()),
        health=health,
        quotes=tuple(each[:_LONGEST] for each in quotes[:_QUOTED]),
    )


def _health(found: dict[str, Findings], pods: int) -> str:
    if not pods:
        return "no_pods"
    if any(each.errors for each in found.values()):
        return "errors"
    return "healthy" if len(found) == pods else "not_started"


def _error_lines(found: dict[str, Findings]) -> list[str]:
    return [f"{name}: {line}" for name, each in found.items() for line in each.errors]


def _message(deployment: DeployOutput, quotes: list[str]) -> str:
    shown = "".join(f"\n  {each[:_LONGEST]}" for each in quotes[:_QUOTED])
    more = f"\n  and {len(quotes) - _QUOTED} more" if len(quotes) > _QUOTED else ""
    return (
        f"The logs of {deployment.deployment!r} in {deployment.namespace!r} show "
        f"{len(quotes)} error lines:{shown}{more}"
    )
