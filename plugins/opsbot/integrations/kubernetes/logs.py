"""Reading container logs for people: the last lines, without secrets.

Two traps: the typed client hands out the Python repr of the bytes, so logs are read raw; and for
a container that is gone the kubelet may answer 200 with a text of its own in place of the log.
"""

from opsbot.integrations.kubernetes import faults
from opsbot.integrations.kubernetes.client import Cluster
from opsbot.verification.containers import Container
from opsbot.vocabulary.errors import OpsBotError
from opsbot.vocabulary.redaction import redact

_KUBELET_TEXTS = (
    "unable to retrieve container logs for",
    "failed to try resolving symlinks in path",
)
_LONGEST_LINE = 300


def lines_of(text: str) -> list[str]:
    """Return the container's own lines, without empty ones and without the kubelet's excuses."""
    return [
        line for line in text.splitlines() if line.strip() and not line.startswith(_KUBELET_TEXTS)
    ]


def last_words(cluster: Cluster, namespace: str, pod: str, container: str, count: int) -> list[str]:
    """Return the last lines of a container that ended, of its previous life if need be.

    There may be none: it never started, or its node has them no more. That is no error here.
    """
    for previous in (False, True):
        try:
            text = cluster.log(namespace, pod, container, lines=100, previous=previous)
        except OpsBotError:
            continue
        if lines := lines_of(text):
            # As one text, so that a secret over several lines is seen as one.
            masked = redact("\n".join(lines)).splitlines()
            return [line[:_LONGEST_LINE] for line in masked[-count:]]
    return []


def of_ended(cluster: Cluster, namespace: str, container: Container, count: int = 100) -> list[str]:
    """Return the log of a container's last ended life, redacted; none where it has none.

    While a container waits to be started again, its log is the ended life's; once it runs, that
    life is the previous one.
    """
    lives = (True,) if container.running else (False, True)
    for previous in lives:
        try:
            text = cluster.log(
                namespace, container.pod, container.name, lines=count, previous=previous
            )
        except (faults.NoLog, faults.Missing):
            continue
        if lines := lines_of(text):
            return redact("\n".join(lines)).splitlines()
    return []
