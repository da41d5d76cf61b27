"""Stop a build that nobody waits for any more, and say what is really so.

Jenkins answers a stop with a redirect whatever happens, and a queued item may start in the moment
it is cancelled. So the truth is read afterwards: the build may have ended in success before the
stop arrived. Harder means (`term`, `kill`) leave nodes and locks dirty and are a person's decision.
"""

from typing import Any

from opsbot.integrations.jenkins import addresses, builds
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.handle import Handle
from opsbot.integrations.waiting import until
from opsbot.vocabulary.errors import OpsBotError
from opsbot.vocabulary.progress import Say


def stop(client: JenkinsClient, handle: Handle, say: Say) -> str:
    """Cancel or stop a build and return what became of it, in words."""
    try:
        words = _stop(client, handle)
    except OpsBotError as problem:
        words = f"whether it was stopped is unknown: {problem}"
    say(f"{handle.job}: {words}.")
    return words


def queue_item(client: JenkinsClient, handle: Handle) -> dict[str, Any] | None:
    """Return the queue item, or None where Jenkins does not know it any more."""
    return client.find(f"queue/item/{handle.queue_id}/")


def _stop(client: JenkinsClient, handle: Handle) -> str:
    number = handle.number
    if number is None and handle.queue_id is None:
        return "nothing was triggered, so nothing is to stop"
    if number is None:
        client.post("queue/cancelItem", {"id": str(handle.queue_id)}).close()
        item = queue_item(client, handle) or {}
        if item.get("cancelled"):
            return "cancelled in the queue; nothing was built"
        if not (executable := item.get("executable")):
            return f"asked to cancel queue item {handle.queue_id}; Jenkins does not say if it is"
        number = int(executable["number"])
    return _stopped(client, handle.job, number)


def _stopped(client: JenkinsClient, job: str, number: int) -> str:
    client.post(f"{addresses.of_build(job, number)}stop").close()

    def ended() -> builds.Build | None:
        build = builds.read(client, job, number)
        return build if build and build.over else None

    build = until(ended, client.limits.stop, client.clock)
    if build is None:
        return f"#{number} was asked to stop but still runs: look at {job} in Jenkins"
    if build.result == "ABORTED":
        return f"#{number} was stopped; what it had already done stays"
    return f"#{number} had ended with {build.result} before it could be stopped"
