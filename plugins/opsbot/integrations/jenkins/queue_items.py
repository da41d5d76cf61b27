"""A queue item: where a build is before it has a number.

`cancelled` and `executable` are there only once an item has left the queue, and for a moment a left
item names neither. An item is forgotten five minutes after it left and at a restart. Why it waits
is written for people, in their language: told, never judged.
"""

import re
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field

from opsbot.integrations.jenkins import lookup
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.model import Value

State = Literal["waiting", "blocked", "ready", "stuck", "leaving", "cancelled", "started"]
TREE = (
    "_class,id,why,blocked,buildable,stuck,cancelled,inQueueSince,executable[number],task[url],"
    "actions[_class,parameters[name,value],causes[userId,shortDescription]]"
)
_TASK = re.compile(r"((?:/job/[^/]+)+)/?$")


class QueueItem(Value):
    """A queue item at one moment."""

    id: int
    job: str | None
    """Full name; None for what is no build, such as a pipeline's inner step."""
    state: State
    why: str
    number: int | None
    since: float
    """Milliseconds since 1970, by the server's clock."""
    parameters: dict[str, str] = Field(default_factory=dict)
    callers: int = 1
    """How many triggers wait for it."""


def read(client: JenkinsClient, queue_id: int) -> QueueItem | None:
    """Return an item as it is now, or None where Jenkins does not know it (any more)."""
    found = client.find(f"queue/item/{queue_id}/", TREE)
    return None if found is None else _item(queue_id, found)


def _item(queue_id: int, found: dict[str, Any]) -> QueueItem:
    executable = found.get("executable") or {}
    return QueueItem(
        id=queue_id,
        job=_job_of((found.get("task") or {}).get("url")),
        state=_state(found),
        why=one_line(found.get("why")),
        number=int(executable["number"]) if "number" in executable else None,
        since=float(found.get("inQueueSince") or 0),
        parameters=lookup.parameters_of(found),
        callers=len(lookup.causes_of(found)) or 1,
    )


def _state(found: dict[str, Any]) -> State:
    if found.get("cancelled"):
        return "cancelled"
    if found.get("executable"):
        return "started"
    if "cancelled" in found:
        return "leaving"
    if found.get("stuck"):
        return "stuck"
    if found.get("blocked"):
        return "blocked"
    return "ready" if found.get("buildable") else "waiting"


def _job_of(url: str | None) -> str | None:
    # The host in it is what Jenkins believes; a pipeline's inner steps have no url at all.
    found = _TASK.search(urlsplit(url or "").path)
    return "/".join(map(unquote, found[1].split("/job/")[1:])) if found else None
