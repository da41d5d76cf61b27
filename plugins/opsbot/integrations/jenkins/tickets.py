"""The trigger itself: one POST, and what its answer says.

201 names a new queue item; 303, and sometimes 201, one that waits already with equal parameters.
302 to anywhere is a plugin that declined, or a server that will not say. A 503 of a server that is
starting did nothing. Anything else that is no clear refusal leaves open whether a build was queued.
"""

import re

import requests

from opsbot.integrations import web
from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import STARTING, JenkinsClient, refusal, title_of
from opsbot.integrations.jenkins.jobs import Job, Order
from opsbot.integrations.waiting import Patience, until
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

QUEUE_ITEM = re.compile(r"/queue/item/(\d+)/?$")
START_PATIENCE = Patience(total=300, first=2.0, longest=10.0)


class Ticket(Value):
    """The answer to a trigger."""

    queue_id: int | None = None
    joined: bool = False
    """Whether an equal item waited already."""
    refused: bool = False
    """Whether the server took it and queued nothing, if no build of it is found."""
    reason: str = ""
    """What the answer was, where it names no queue item."""


def ask(client: JenkinsClient, order: Order, say: Say) -> Ticket:
    """Send the trigger once; a clear refusal is raised."""
    action = "buildWithParameters" if order.job.parameters else "build"
    path = f"{addresses.of_job(order.job.name)}{action}"

    def attempt() -> requests.Response | None:
        response = client.post(path, order.form)
        if response.status_code == 503 and STARTING.search(web.text(response)):
            say("Jenkins is starting; nothing was triggered yet.")
            return None
        return response

    try:
        response = until(attempt, START_PATIENCE, client.clock)
    except TryAgain as fault:
        return Ticket(reason=str(fault).rstrip("."))
    if response is None:
        raise TryAgain("Jenkins has been starting for minutes.")
    return _read(response, order.job, path)


def _read(response: requests.Response, job: Job, path: str) -> Ticket:
    status = response.status_code
    item = QUEUE_ITEM.search(response.headers.get("Location", ""))
    if status in (201, 303) and item:
        response.close()
        return Ticket(queue_id=int(item[1]), joined=status == 303)
    if status == 409:
        raise StepFailed(
            f"The Jenkins job {job.name!r} cannot be built: it is disabled, or its branch is gone. "
            "Enable it."
        )
    if status in (200, 201, 302, 303) or status >= 500:
        words = f"{status}: {title_of(response)}" if status >= 500 else str(status)
        return Ticket(reason=f"Jenkins answered {words}", refused=status == 302)
    raise refusal(response, path)
