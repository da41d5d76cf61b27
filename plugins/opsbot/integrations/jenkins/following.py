"""Follow a triggered build from the queue to its end.

A queue item is forgotten five minutes after it left the queue, and at a restart: a 404 for it is
neither "cancelled" nor "finished", so the build is then looked for by the queue id it came from.
A build that runs out of patience is stopped, so that nothing is left running that nobody follows.
"""

from collections.abc import Callable

from opsbot.integrations.jenkins import builds, lookup, stopping
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.console import Console
from opsbot.integrations.jenkins.handle import Handle
from opsbot.integrations.waiting import Patience, until
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

LOST_PATIENCE = Patience(total=45, first=0.5, longest=5.0)
"""For an item or build that Jenkins does not know, or not yet."""


class Ended(Value):
    """A build that is over, and the last lines it wrote."""

    build: Build
    tail: str


def to_the_end(
    client: JenkinsClient, handle: Handle, say: Say, started: Callable[[Handle], None]
) -> Ended:
    """Return the build once it is really over; `started` learns its names as they are known."""
    started(handle)
    if handle.number is None:
        handle = _numbered(client, handle, say)
        started(handle)
    assert handle.number is not None  # noqa: S101  `_numbered` found it
    say(f"{handle.job} #{handle.number} is running.")
    console = Console(client, handle.job, handle.number, say)
    build = until(lambda: _over(client, handle, console), client.limits.build, client.clock)
    if build is None:
        what = stopping.stop(client, handle, say)
        raise StepFailed(
            f"{handle.job} #{handle.number} did not end within "
            f"{client.limits.build.total:.0f} s; {what}."
        )
    console.tell_news(to_the_end=True)
    return Ended(build=build, tail=console.tail)


def _numbered(client: JenkinsClient, handle: Handle, say: Say) -> Handle:
    told: set[str] = set()

    def look() -> Handle | None:
        item = stopping.queue_item(client, handle)
        if item is None:
            return _found_elsewhere(client, handle)
        if item.get("cancelled"):
            raise StepFailed(
                f"{handle.job}: the queued build (item {handle.queue_id}) was cancelled in "
                "Jenkins' queue; nothing was built."
            )
        if executable := item.get("executable"):
            return handle.model_copy(update={"number": int(executable["number"])})
        if (why := str(item.get("why") or "")) and why not in told and len(told) < 10:
            told.add(why)
            say(f"{handle.job} waits in the queue.")
        return None

    found = until(look, client.limits.queue, client.clock)
    if found is None:
        what = stopping.stop(client, handle, say)
        raise StepFailed(
            f"{handle.job} waited {client.limits.queue.total:.0f} s in Jenkins' queue; {what}. "
            "Is an executor free?"
        )
    return found


def _found_elsewhere(client: JenkinsClient, handle: Handle) -> Handle:
    assert handle.queue_id is not None  # noqa: S101  it was asked for by that id
    queue_id = handle.queue_id
    found = until(lambda: _item_or_build(client, handle, queue_id), LOST_PATIENCE, client.clock)
    if found is None:
        raise StepFailed(
            f"{handle.job}: Jenkins knows neither queue item {queue_id} nor a build of it any "
            "more. Whether it was built is unknown: look at the job."
        )
    return found


def _item_or_build(client: JenkinsClient, handle: Handle, queue_id: int) -> Handle | None:
    if found := lookup.by_queue_id(client, handle.job, queue_id):
        return found
    item = stopping.queue_item(client, handle)
    executable = (item or {}).get("executable")
    return handle.model_copy(update={"number": int(executable["number"])}) if executable else None


def _over(client: JenkinsClient, handle: Handle, console: Console) -> Build | None:
    assert handle.number is not None  # noqa: S101  only numbered builds are followed
    number = handle.number
    console.tell_news()
    build = until(lambda: builds.read(client, handle.job, number), LOST_PATIENCE, client.clock)
    if build is None:
        raise StepFailed(
            f"{handle.job} #{number} is gone from Jenkins (deleted, rotated, or hidden from "
            f"{client.user!r}). What it did is unknown."
        )
    return build if build.over else None
