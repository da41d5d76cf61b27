"""Trigger a build exactly once, even when the answer to the trigger is lost.

A POST that timed out may have queued a build. So an unclear answer is never followed by another
POST before the build was looked for, by key, in queue and builds. Two POSTs are the most; after
that the step fails with "try again", and the next attempt begins by looking. A job that takes no
key is never triggered a second time without a clear answer.
"""

from opsbot.integrations.jenkins import lookup, queue_items, stopping, tickets
from opsbot.integrations.jenkins.attempt import Attempt, Memory
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.handle import Handle
from opsbot.integrations.jenkins.jobs import Job, Order
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import Say

MOST_POSTS = 2
UNDERWAY = 10 * 60_000
"""Milliseconds after which a POST that nothing came of is not on its way any more."""
NO_KEY = (
    "The job does not declare the parameter OPSBOT_RUN: were this step tried again, its build "
    "could not be found for certain. Add OPSBOT_RUN as a string parameter to the job."
)


def once(client: JenkinsClient, order: Order, memory: Memory, say: Say) -> Handle:
    """Return the handle of the one build of this key, triggering it if it is not there yet."""
    job = order.job
    if not job.takes_key:
        say(NO_KEY)
    before = memory.read()
    if handle := _known(client, order, before):
        say(f"{job.name} was triggered before ({words(handle)}): following that build.")
    else:
        handle = _triggered(client, order, _posts(before, job), memory, say)
    memory.write(Attempt(handle=handle))
    return handle


def abandon(client: JenkinsClient, job: str, key: str, attempt: Attempt, say: Say) -> None:
    """Stop what an attempt has started, also where the answer to its trigger never came."""
    handle = attempt.handle
    if handle is None and attempt.posts:
        handle = lookup.by_key(client, job, key)
    stopping.stop(client, handle or Handle(job=job), say)


def words(handle: Handle) -> str:
    """Name a build by what is known of it."""
    if handle.number is not None:
        return f"#{handle.number}"
    return f"queue item {handle.queue_id}"


def _known(client: JenkinsClient, order: Order, before: Attempt) -> Handle | None:
    """Return the build that an earlier attempt has triggered, or None if there was none."""
    if order.job.takes_key:
        return lookup.by_key(client, order.job.name, order.key)
    if before.handle is not None:
        return before.handle if _counts(client, before.handle) else None
    if before.posts == 0:
        return None
    if found := _candidate(client, order, before.asked_at):
        return found
    raise _unknown(order.job, "an earlier attempt ended without an answer")


def _counts(client: JenkinsClient, handle: Handle) -> bool:
    """Tell whether a build was not cancelled or broken off: then a new one is due."""
    if handle.number is not None:
        return not lookup.was_broken_off(client, handle.job, handle.number)
    item = queue_items.read(client, handle.queue_id) if handle.queue_id is not None else None
    return item is None or item.state != "cancelled"


def _posts(before: Attempt, job: Job) -> Attempt:
    """Return the attempt to go on with: one that may still be on its way, or a new one."""
    if before.posts and job.asked_at - before.asked_at < UNDERWAY:
        return before
    return Attempt(asked_at=job.asked_at)


def _triggered(
    client: JenkinsClient, order: Order, attempt: Attempt, memory: Memory, say: Say
) -> Handle:
    """Trigger, and look for the build after each answer that leaves it open."""
    job = order.job
    reason = f"{attempt.posts} triggers were sent before, and no build of them is there"
    while attempt.posts < MOST_POSTS:
        attempt = attempt.model_copy(update={"posts": attempt.posts + 1})
        memory.write(attempt)
        ticket = tickets.ask(client, order, say)
        if ticket.queue_id is not None:
            return _accepted(client, job, ticket, attempt, say)
        reason = ticket.reason
        say(f"{job.name}: the trigger got no clear answer ({reason}); looking for its build.")
        client.clock.sleep(client.limits.second_look)
        if handle := _look(client, order, attempt.asked_at):
            say(f"Found it: {words(handle)}.")
            return handle
        if ticket.refused:
            memory.write(Attempt())
            raise StepFailed(
                f"Jenkins did not queue {job.name!r} ({reason}), and no build of it is there: "
                "a plugin of the server declines it. Ask who keeps that Jenkins."
            )
        if not job.takes_key:
            break
    raise _unknown(job, reason)


def _unknown(job: Job, reason: str) -> StepFailed | TryAgain:
    if job.takes_key:
        return TryAgain(
            f"Jenkins gives no clear answer to the trigger of {job.name!r}: {reason}. "
            "The next attempt looks for its build first."
        )
    return StepFailed(
        f"Whether {job.name!r} was triggered is unknown ({reason}), and without OPSBOT_RUN it is "
        "not triggered again blindly. Look at the job, then start anew."
    )


def _accepted(
    client: JenkinsClient, job: Job, ticket: tickets.Ticket, attempt: Attempt, say: Say
) -> Handle:
    """Return the handle of a queue item, and find out whether others wait for it too."""
    handle = Handle(job=job.name, queue_id=ticket.queue_id)
    if ticket.joined:
        say(f"{job.name}: an equal build waits already; this joins it.")
    if job.takes_key or ticket.queue_id is None:
        return handle
    item = queue_items.read(client, ticket.queue_id)
    older = item is not None and item.since < attempt.asked_at - lookup.CLOCK_SLACK
    shared = item is not None and item.callers > 1
    return handle.model_copy(update={"joined": ticket.joined or older or shared})


def _look(client: JenkinsClient, order: Order, asked_at: float) -> Handle | None:
    if order.job.takes_key:
        return lookup.by_key(client, order.job.name, order.key)
    return _candidate(client, order, asked_at)


def _candidate(client: JenkinsClient, order: Order, asked_at: float) -> Handle | None:
    found = lookup.candidates(client, order.job, order.form, asked_at)
    if len(found) > 1:
        names = ", ".join(words(each) for each in found)
        raise StepFailed(
            f"Any of {names} of {order.job.name!r} may be the triggered build. Decide which one "
            "counts, and add the parameter OPSBOT_RUN to the job."
        )
    return found[0] if found else None
