"""Stop a build that nobody waits for any more, and say what is really so.

Jenkins answers a stop with a redirect whatever happens, and a queued item may start in the moment
it is cancelled. So the truth is read afterwards: the build may have ended in success before the
stop arrived. Harder means (`term`, `kill`) leave nodes and locks dirty and are a person's decision.
"""

from opsbot.integrations.jenkins import addresses, builds, lookup, queue_items
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient, refusal
from opsbot.integrations.jenkins.handle import Handle
from opsbot.integrations.waiting import until
from opsbot.vocabulary.errors import OpsBotError, StepFailed
from opsbot.vocabulary.progress import Say


def stop(client: JenkinsClient, handle: Handle, say: Say) -> str:
    """Cancel or stop a build and return what became of it, in words."""
    try:
        words = _stop(client, handle)
    except OpsBotError as problem:
        words = f"whether it was stopped is unknown: {str(problem).rstrip('.')}"
    say(f"{handle.job}: {words}.")
    return words


def _stop(client: JenkinsClient, handle: Handle) -> str:
    number = handle.number
    if number is None and handle.queue_id is None:
        return "nothing was triggered, so nothing is to stop"
    if handle.joined:
        return "left as it is, for somebody else waits for the same build"
    if number is None:
        assert handle.queue_id is not None  # noqa: S101  asked above
        number = cancel(client, handle.job, handle.queue_id)
    if number is None:
        return "cancelled in the queue; nothing was built"
    build, in_time = end(client, handle.job, number)
    if in_time:
        return f"#{number} was stopped; what it had already done stays"
    return f"#{number} had ended with {build.result} before it could be stopped"


def cancel(client: JenkinsClient, job: str, queue_id: int) -> int | None:
    """Cancel a queued build; return its number where it has started after all."""
    response = client.post("queue/cancelItem", {"id": str(queue_id)})
    if response.status_code in (401, 403, 422):
        raise refusal(response, f"queue/cancelItem?id={queue_id}")
    # Whatever else it answers, it may have left the queue: the item itself tells.
    response.close()
    found = until(lambda: _left(client, job, queue_id), client.limits.stop, client.clock)
    if found is None:
        raise StepFailed(
            f"{job}: queue item {queue_id} was asked to be cancelled but still waits. "
            "Look at Jenkins' queue."
        )
    return found.number


def _left(client: JenkinsClient, job: str, queue_id: int) -> Handle | None:
    """Return what became of an item, with a number if it started; None while it waits."""
    item = queue_items.read(client, queue_id)
    if item is None:
        if found := lookup.by_queue_id(client, job, queue_id):
            return found
        raise StepFailed(
            f"{job}: Jenkins knows neither queue item {queue_id} nor a build of it (any more). "
            "Whether it was built is unknown: look at the job."
        )
    if item.state in ("cancelled", "started"):
        return Handle(job=job, queue_id=queue_id, number=item.number)
    return None


def end(client: JenkinsClient, job: str, number: int) -> tuple[Build, bool]:
    """Stop a build and return it once it is over, and whether it was the stop that ended it."""
    build = builds.require(client, job, number)
    if build.over:
        return build, False
    path = f"{addresses.of_build(job, number)}stop"
    response = client.post(path)
    if response.status_code >= 400:
        raise refusal(response, path)
    response.close()
    ended = until(lambda: _over(client, job, number), client.limits.stop, client.clock)
    if ended is None:
        raise StepFailed(
            f"{job} #{number} was asked to stop but still runs after "
            f"{client.limits.stop.total:.0f} s: look at it in Jenkins, "
            f"{client.server.url(addresses.of_build(job, number))}. Harder means leave nodes and "
            "locks behind, so a person decides about them"
        )
    return ended, ended.state in ("aborted", "not_built", "superseded")


def _over(client: JenkinsClient, job: str, number: int) -> Build | None:
    build = builds.require(client, job, number)
    return build if build.over else None
