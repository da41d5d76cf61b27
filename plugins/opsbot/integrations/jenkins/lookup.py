"""Find the build that a trigger made, without its answer.

The queue is read before the builds, then both once more: a build moves from the queue to the
builds, and the other order can miss it on its way. By key the answer is certain. Without a key
there are only candidates: the same job, equal parameters, our own user, not older than our call.
"""

from typing import Any
from urllib.parse import urlsplit

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.handle import KEY_PARAMETER, Handle
from opsbot.integrations.jenkins.jobs import Job

ORIGIN = "actions[_class,parameters[name,value],causes[userId]]"
QUEUE_TREE = f"items[id,inQueueSince,task[url],{ORIGIN}]"
BUILDS_TREE = f"builds[number,queueId,timestamp,building,result,{ORIGIN}]{{0,100}}"
CLOCK_SLACK = 5000
"""Milliseconds by which a build may seem older than the call that made it."""


def by_key(client: JenkinsClient, job: str, key: str) -> Handle | None:
    """Return the queued, running or finished build that carries the key; the oldest of several."""
    for _ in range(2):
        for item in _queued(client, job):
            if parameters_of(item).get(KEY_PARAMETER) == key:
                return Handle(job=job, queue_id=int(item["id"]))
        # A person's "rebuild" copies the key: the oldest build is the one we triggered.
        for build in sorted(_builds(client, job), key=lambda each: int(each["number"])):
            if parameters_of(build).get(KEY_PARAMETER) == key and not _was_broken_off(build):
                return _handle(job, build)
    return None


def by_queue_id(client: JenkinsClient, job: str, queue_id: int) -> Handle | None:
    """Return the build that came from a queue item."""
    for build in _builds(client, job):
        if build.get("queueId") == queue_id:
            return _handle(job, build)
    return None


def was_broken_off(client: JenkinsClient, job: str, number: int) -> bool:
    """Tell whether a build is over without having come to its own end."""
    found = client.find(addresses.of_build(job, number), "building,result")
    return found is not None and _was_broken_off(found)


def candidates(
    client: JenkinsClient, job: Job, sent: dict[str, str], asked_at: float
) -> tuple[Handle, ...]:
    """Return all that our call may have made, where the job takes no key."""
    oldest = asked_at - CLOCK_SLACK
    found: dict[int, Handle] = {}
    for _ in range(2):
        for item in _queued(client, job.name):
            if float(item.get("inQueueSince", 0)) >= oldest and _is_ours(client, item, sent):
                found[int(item["id"])] = Handle(job=job.name, queue_id=int(item["id"]))
        for build in _builds(client, job.name):
            if float(build.get("timestamp", 0)) >= oldest and _is_ours(client, build, sent):
                found[int(build.get("queueId", -1))] = _handle(job.name, build)
    return tuple(found.values())


def parameters_of(holder: dict[str, Any]) -> dict[str, str]:
    """Return the parameters of a queue item or build, as words."""
    return {
        str(each["name"]): as_word(each["value"])
        for action in holder.get("actions") or []
        for each in (action or {}).get("parameters") or []
        if each.get("value") is not None
    }


def causes_of(holder: dict[str, Any]) -> list[dict[str, Any]]:
    """Return why a queue item or build was started, and why it was interrupted."""
    return [
        cause
        for action in holder.get("actions") or []
        for cause in (action or {}).get("causes") or []
    ]


def as_word(value: object) -> str:
    """Return a parameter's value as Jenkins' forms spell it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _queued(client: JenkinsClient, job: str) -> list[dict[str, Any]]:
    items = (client.find("queue/", QUEUE_TREE) or {}).get("items") or []
    return [item for item in items if _is_of(job, (item.get("task") or {}).get("url"))]


def _is_of(job: str, task_url: str | None) -> bool:
    # The host in it is what Jenkins believes; a pipeline's inner steps have no url at all.
    return urlsplit(task_url or "").path.endswith(f"/{addresses.of_job(job)}")


def _builds(client: JenkinsClient, job: str) -> list[dict[str, Any]]:
    return list((client.find(addresses.of_job(job), BUILDS_TREE) or {}).get("builds") or [])


def _was_broken_off(build: dict[str, Any]) -> bool:
    # What a killed worker or a person stopped is over and proves nothing: a new build is due.
    return build.get("building") is False and build.get("result") in ("ABORTED", "NOT_BUILT")


def _handle(job: str, build: dict[str, Any]) -> Handle:
    return Handle(job=job, queue_id=build.get("queueId"), number=int(build["number"]))


def _is_ours(client: JenkinsClient, holder: dict[str, Any], sent: dict[str, str]) -> bool:
    users = [cause.get("userId") for cause in causes_of(holder)]
    return client.user in users and parameters_of(holder) == sent
