"""What the Remote API says of queue items, as JSON.

`cancelled` and `executable` are there only once an item has left the queue.
"""

from typing import Any

from opsbot.sandbox.jenkins import build_descriptions as runs
from opsbot.sandbox.jenkins.builds import Item
from opsbot.sandbox.jenkins.jobs import Job
from opsbot.sandbox.jenkins.places import path_of
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.jenkins.triggers import word

Json = dict[str, Any]
JOB = "org.jenkinsci.plugins.workflow.job.WorkflowJob"
COLORS = {"SUCCESS": "blue", "UNSTABLE": "yellow", "FAILURE": "red", "ABORTED": "aborted"}


def task(server: Server, job: Job, base: str) -> Json:
    """Describe a job in a line."""
    url = base + path_of(job.name)
    return {"_class": JOB, "name": job.own_name, "url": url, "color": _color(server, job)}


def item(server: Server, item: Item, base: str) -> Json:
    """Describe a queue item, waiting or left."""
    words = "".join(f"\n{name}={word(value)}" for name, value in item.parameters.items())
    described = {
        "actions": runs.origin(item.parameters, item.users),
        "blocked": False,
        "buildable": False,
        "id": item.id,
        "inQueueSince": item.since,
        "params": words,
        "stuck": False,
        "task": task(server, item.job, base),
        "url": f"queue/item/{item.id}/",
    }
    return described | _state(server, item, base)


def _state(server: Server, item: Item, base: str) -> Json:
    kind = "hudson.model.Queue$"
    if not item.is_waiting:
        executable = runs.short(item.build, base) if item.build else None
        left = {"why": None, "cancelled": item.cancelled, "executable": executable}
        return {"_class": f"{kind}LeftItem"} | left
    if (seconds := (item.due - server.now()) / 1000) > 0:
        why = f"In the quiet period. Expires in {seconds:.1f} sec"
        return {"_class": f"{kind}WaitingItem", "why": why, "timestamp": item.due}
    since = {"buildableStartMilliseconds": item.due}
    if not item.job.is_concurrent and (running := server.running(item.job)):
        why = f"Build #{running[-1].number} is already in progress (ETA: N/A)"
        return {"_class": f"{kind}BlockedItem", "why": why, "blocked": True, **since}
    why = "Waiting for next available executor"
    if server.is_quieting:
        why = "Jenkins is about to shut down"
    state = {"why": why, "buildable": True, "pending": False}
    return {"_class": f"{kind}BuildableItem", **state, **since}


def _color(server: Server, job: Job) -> str:
    if not job.is_buildable:
        return "disabled"
    builds = list(server.builds[job.name].values())
    done = [each for each in builds if not each.building]
    color = COLORS.get(done[-1].result or "", "notbuilt") if done else "notbuilt"
    return f"{color}_anime" if len(done) < len(builds) else color
