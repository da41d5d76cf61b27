"""Why a pod does not serve, in a line for a person.

The phase says little: a pod that crashes every minute is `Running`, and one whose image is missing
is `Pending` as is one that starts. What its containers wait for, and how they ended, says it.
"""

from collections.abc import Iterable

from opsbot.verification import containers
from opsbot.verification.containers import Container, Json


def of(pod: Json) -> str:
    """Return why a pod is not ready; empty for one that is."""
    if containers.is_ready(pod):
        return ""
    found = containers.read([pod], at=0.0)
    return _evicted(pod) or _unplaced(pod) or _of_containers(found) or "it starts"


def of_container(container: Container) -> str:
    """Say what a container waits for and how it ended last; empty for one that just runs."""
    ended = f"ended {_times(container.ends)}{_how(container)}" if container.ends else ""
    if container.running:
        return f"runs again, {ended}" if ended else ""
    why = f": {container.message.strip()}" if container.message and not ended else ""
    waits = f"{container.waiting}{why}" if container.waiting else ""
    return ", ".join(each for each in (waits, ended) if each)


def _evicted(pod: Json) -> str:
    """Return why a pod ended as a whole: the node had no room for it, or its work was done."""
    status = pod.get("status", {})
    if status.get("phase") not in ("Failed", "Succeeded"):
        return ""
    return f"it ended as {status['phase']}: {status.get('message') or status.get('reason', '')}"


def _unplaced(pod: Json) -> str:
    placed = containers.condition(pod, "PodScheduled")
    if placed.get("status") != "False":
        return ""
    return f"no node takes it: {placed.get('message', placed.get('reason', ''))}"


def _of_containers(found: Iterable[Container]) -> str:
    """Name each container that is in trouble, or those that run and do not answer their probe."""
    listed = tuple(found)
    troubles = [f"{each.name}: {words}" for each in listed if (words := of_container(each))]
    if troubles:
        return "; ".join(troubles)
    running = [each.name for each in listed if each.running]
    return f"{', '.join(running)}: runs, but is not ready" if running else ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _how(container: Container) -> str:
    if container.end is None:
        return ""
    message = f", {container.end.message.strip()}" if container.end.message else ""
    return f" ({container.end.reason}, exit code {container.end.exit_code}{message})"
