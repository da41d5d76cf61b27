"""Follow a triggered build from the queue to its end.

A queue item is forgotten five minutes after it left the queue, and at a restart: a 404 for it is
neither "cancelled" nor "finished", so the build is then looked for by the queue id it came from.
A build that runs out of patience is stopped, so that nothing is left running that nobody follows.
"""

from opsbot.integrations.jenkins import builds, inputs, logs, lookup, queue_items, stopping
from opsbot.integrations.jenkins.attempt import Attempt, Memory
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.console import Console
from opsbot.integrations.jenkins.handle import Handle
from opsbot.integrations.waiting import Patience, until
from opsbot.vocabulary.errors import OpsBotError, StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

LOST_PATIENCE = Patience(total=45, first=0.5, longest=5.0)
"""For an item or build that Jenkins does not know, or not yet."""
TAIL_BYTES, TAIL_LINES = 16 * 1024, 20


class Ended(Value):
    """A build that is over, and the last lines it wrote where it is no success."""

    build: Build
    tail: str


def to_the_end(client: JenkinsClient, handle: Handle, memory: Memory, say: Say) -> Ended:
    """Return the build once it is really over; its number is written down as soon as it has one."""
    if handle.number is None:
        handle = _numbered(client, handle, say)
        memory.write(Attempt(handle=handle))
    assert handle.number is not None  # noqa: S101  `_numbered` found it
    say(f"{handle.job} #{handle.number} is running.")
    console = Console(client, handle.job, handle.number, say)
    build = until(lambda: _over(client, handle, console), client.limits.build, client.clock)
    if build is None:
        raise _too_long(client, handle, handle.number, say)
    console.tell_news(to_the_end=True)
    return Ended(build=build, tail=_last_lines(client, build, console))


def _last_lines(client: JenkinsClient, build: Build, console: Console) -> str:
    """Return how the log ends: what was told while it ran may lack lines."""
    if build.state == "passed":
        return ""
    try:
        whole = logs.tail(client, build.job, build.number, TAIL_BYTES)
    except OpsBotError:
        return console.tail
    return "\n".join(whole.text.splitlines()[-TAIL_LINES:])


def _too_long(client: JenkinsClient, handle: Handle, number: int, say: Say) -> StepFailed:
    waiting = inputs.in_words(client, handle.job, number)
    what = stopping.stop(client, handle, say)
    return StepFailed(
        f"{handle.job} #{number} did not end within {client.limits.build.total:.0f} s"
        f"{waiting}; {what}."
    )


def _numbered(client: JenkinsClient, handle: Handle, say: Say) -> Handle:
    """Wait until the build leaves the queue and return the handle with its number."""
    assert handle.queue_id is not None  # noqa: S101  a handle without a number has one
    queue_id, told = handle.queue_id, [""]

    def look() -> Handle | None:
        item = queue_items.read(client, queue_id)
        if item is None:
            return _found_elsewhere(client, handle, queue_id)
        if item.state == "cancelled":
            raise StepFailed(
                f"{handle.job}: the queued build (item {queue_id}) was cancelled in Jenkins' "
                "queue; nothing was built. Start anew if it is still wanted."
            )
        if item.state != told[-1]:
            told.append(item.state)
            say(f"{handle.job} is in the queue, {item.state}: {item.why or 'no reason given'}")
        return _with(handle, item.number)

    found = until(look, client.limits.queue, client.clock)
    if found is None:
        what = stopping.stop(client, handle, say)
        raise StepFailed(
            f"{handle.job} waited {client.limits.queue.total:.0f} s in Jenkins' queue "
            f"({told[-1]}); {what}. Is an executor free?"
        )
    return found


def _with(handle: Handle, number: int | None) -> Handle | None:
    return None if number is None else handle.model_copy(update={"number": number})


def _found_elsewhere(client: JenkinsClient, handle: Handle, queue_id: int) -> Handle | None:
    """Return the build of an item that Jenkins does not know; None if it knows the item again."""

    def look() -> tuple[Handle | None] | None:
        if found := lookup.by_queue_id(client, handle.job, queue_id):
            return (_with(handle, found.number),)
        return None if queue_items.read(client, queue_id) is None else (None,)

    answer = until(look, LOST_PATIENCE, client.clock)
    if answer is None:
        raise StepFailed(
            f"{handle.job}: Jenkins knows neither queue item {queue_id} nor a build of it any "
            "more. Whether it was built is unknown: look at the job."
        )
    return answer[0]


def _over(client: JenkinsClient, handle: Handle, console: Console) -> Build | None:
    assert handle.number is not None  # noqa: S101  only numbered builds are followed
    number = handle.number
    console.tell_news()
    build = until(lambda: builds.read(client, handle.job, number), LOST_PATIENCE, client.clock)
    if build is None:
        raise StepFailed(
            f"{handle.job} #{number} is gone from Jenkins (deleted, rotated, or hidden from "
            f"{client.user!r}). What it did is unknown: look at the job."
        )
    return build if build.over else None
