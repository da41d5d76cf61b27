"""Trigger a build exactly once, even when the answer to the trigger is lost.

A POST that timed out may have queued a build. So an unclear answer is never followed by another
POST before the build was looked for, by key, in queue and builds. Two POSTs are the most; after
that the step fails with "try again", and the next attempt begins by looking.

What Jenkins answers: 201 (or 303, an equal item waits already) with the queue item's address;
302 to anywhere else is a server that will not say, or a plugin that refused.
"""

import re

import requests

from opsbot.integrations import web
from opsbot.integrations.jenkins import addresses, lookup
from opsbot.integrations.jenkins.client import STARTING, JenkinsClient, refusal
from opsbot.integrations.jenkins.handle import Handle
from opsbot.integrations.jenkins.jobs import Job
from opsbot.integrations.waiting import Patience, until
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import Say

QUEUE_ITEM = re.compile(r"/queue/item/(\d+)/?$")
MOST_POSTS = 2
START_PATIENCE = Patience(total=300, first=2.0, longest=10.0)
NO_KEY = (
    "The job does not declare the parameter OPSBOT_RUN: were this step tried again, its build "
    "could not be found. Add OPSBOT_RUN as a string parameter to the job."
)


def once(client: JenkinsClient, job: Job, form: dict[str, str], key: str, say: Say) -> Handle:
    """Return the handle of the one build of this key, triggering it if it is not there yet."""
    if not job.takes_key:
        say(NO_KEY)
    elif found := lookup.by_key(client, job.name, key):
        say(f"{job.name} was triggered before ({words(found)}): following that build.")
        return found
    for _ in range(MOST_POSTS):
        if handle := _post(client, job, form, say):
            return handle
        say(f"{job.name}: the trigger got no clear answer; looking for its build.")
        client.clock.sleep(client.limits.second_look)
        if handle := _look(client, job, form, key):
            say(f"Found it: {words(handle)}.")
            return handle
        if not job.takes_key:
            break
    raise _unknown(job)


def words(handle: Handle) -> str:
    """Name a build by what is known of it."""
    if handle.number is not None:
        return f"#{handle.number}"
    return f"queue item {handle.queue_id}"


def _unknown(job: Job) -> StepFailed | TryAgain:
    if job.takes_key:
        return TryAgain(f"Jenkins gives no clear answer to the trigger of {job.name!r}.")
    return StepFailed(
        f"Whether {job.name!r} was triggered is unknown, and without OPSBOT_RUN it is not "
        "triggered again blindly. Look at the job, then start anew."
    )


def _look(client: JenkinsClient, job: Job, form: dict[str, str], key: str) -> Handle | None:
    if job.takes_key:
        return lookup.by_key(client, job.name, key)
    found = lookup.candidates(client, job, form)
    if len(found) > 1:
        names = ", ".join(words(each) for each in found)
        raise StepFailed(
            f"Any of {names} of {job.name!r} may be the triggered build. Decide which one counts, "
            "and add the parameter OPSBOT_RUN to the job."
        )
    return found[0] if found else None


def _post(client: JenkinsClient, job: Job, form: dict[str, str], say: Say) -> Handle | None:
    action = "buildWithParameters" if job.parameters else "build"
    path = f"{addresses.of_job(job.name)}{action}"

    def attempt() -> requests.Response | None:
        response = client.post(path, form)
        if response.status_code == 503 and STARTING.search(web.text(response)):
            say("Jenkins is starting; nothing was triggered yet.")
            return None
        return response

    try:
        response = until(attempt, START_PATIENCE, client.clock)
    except TryAgain:
        return None
    if response is None:
        raise TryAgain("Jenkins has been starting for minutes.")
    return _ticket(response, job, path, say)


def _ticket(response: requests.Response, job: Job, path: str, say: Say) -> Handle | None:
    """Read the queue item from the answer; None where the answer leaves it open."""
    status = response.status_code
    item = QUEUE_ITEM.search(response.headers.get("Location", ""))
    response.close()
    if status in (201, 303) and item:
        if status == 303:
            say(f"{job.name}: an equal build waits already; this joins it.")
        return Handle(job=job.name, queue_id=int(item[1]))
    if status in (200, 201, 302, 303) or status >= 500:
        return None
    if status == 409:
        raise StepFailed(f"The Jenkins job {job.name!r} cannot be built: it is disabled.")
    raise refusal(response, path)
