"""Look through the recent logs of the deployed pods for errors."""

from opsbot.capabilities.kubernetes.get_pod_logs import GetPodLogs
from opsbot.integrations.kubernetes import logs, objects
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.integrations.kubernetes.get_pods import deployed_pods
from opsbot.integrations.kubernetes.rolling import DeployOutput
from opsbot.verification import log_lines
from opsbot.verification.log_lines import Findings
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

_QUOTED = 5
"""Lines an error quotes."""


class LogsOutput(Value):
    """What the logs of the deployed version show."""

    pods: int
    errors: int
    warnings: int
    health: str


def run(cluster: Cluster, params: GetPodLogs, *, deployment: DeployOutput, say: Say) -> LogsOutput:
    """Return the counts; fail if a log tells of an error, quoting it."""
    pods = deployed_pods(cluster, params.namespace, params.pod_selector, deployment)
    if not pods:
        raise StepFailed(
            f"No pod of the deployed version of {deployment.deployment!r} is left in "
            f"{params.namespace!r}, so its health cannot be checked. Look at the Deployment."
        )
    found = {objects.name_of(pod): _inspect(cluster, params, objects.name_of(pod)) for pod in pods}
    for name, findings in found.items():
        say(f"{name}: {len(findings.errors)} errors, {len(findings.warnings)} warnings")
    quotes = [f"{name}: {line}" for name, each in found.items() for line in each.errors]
    if quotes:
        raise StepFailed(_message(deployment, quotes))
    warnings = sum(len(each.warnings) for each in found.values())
    return LogsOutput(pods=len(pods), errors=0, warnings=warnings, health="healthy")


def _inspect(cluster: Cluster, params: GetPodLogs, pod: str) -> Findings:
    text = cluster.log(params.namespace, pod, params.container, lines=params.tail_lines)
    return log_lines.inspect(logs.lines_of(redact(text)))


def _message(deployment: DeployOutput, quotes: list[str]) -> str:
    shown = "".join(f"\n  {each[:300]}" for each in quotes[:_QUOTED])
    more = f"\n  and {len(quotes) - _QUOTED} more" if len(quotes) > _QUOTED else ""
    return (
        f"The logs of {deployment.deployment!r} in {deployment.namespace!r} show "
        f"{len(quotes)} error lines:{shown}{more}"
    )
