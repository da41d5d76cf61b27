"""What the Remote API answers about jobs and folders, and how builds are triggered.

A POST to a multibranch project starts a scan and names no queue item; a folder builds nothing.
"""

from opsbot.sandbox.jenkins import builds_over_http, descriptions, pages, triggers
from opsbot.sandbox.jenkins.builds import Build
from opsbot.sandbox.jenkins.calls import Call
from opsbot.sandbox.jenkins.jobs import Folder, Job
from opsbot.sandbox.jenkins.logins import BUILD
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.loopback import Reply

RESULTS = {
    "lastSuccessfulBuild": ("SUCCESS", "UNSTABLE"),
    "lastStableBuild": ("SUCCESS",),
    "lastFailedBuild": ("FAILURE",),
}


def answer(call: Call, names: list[str]) -> Reply:
    """Answer a request at or below a job or folder: `names` begin with its path."""
    place: list[str] = []
    while names[:1] == ["job"] and len(names) > 1:
        place.append(names[1])
        names = names[2:]
    name = "/".join(place)
    if name in call.server.jobs and name not in call.user.hidden:
        return _job(call, call.server.jobs[name], names)
    if name in call.server.folders:
        return _folder(call, call.server.folders[name], names)
    raise call.missing()


def _folder(call: Call, folder: Folder, rest: list[str]) -> Reply:
    match rest:
        case []:
            return pages.page(f"{folder.name} [Jenkins]")
        case ["api", "json"]:
            deep = call.is_deep
            found = descriptions.folder(call.server, call.user, folder, call.base, deep=deep)
            return call.answer(found)
        case ["build"] if folder.kind == "multibranch":
            call.require(BUILD)
            return Reply(302, headers={"Location": "."})
    raise call.missing()


def _job(call: Call, job: Job, rest: list[str]) -> Reply:
    match rest:
        case []:
            return pages.page(f"{job.name} [Jenkins]")
        case ["api", "json"]:
            return call.answer(descriptions.job(call.server, job, call.base, deep=call.is_deep))
        case ["build" | "buildWithParameters" as action]:
            call.require(BUILD)
            return _trigger(call, job, action)
        case [number, *ending] if build := _found(call.server, job, number):
            return builds_over_http.answer(call, build, ending)
    raise call.missing()


def _trigger(call: Call, job: Job, action: str) -> Reply:
    path = call.request.path
    if not job.is_buildable:
        raise pages.error(409, f"{job.own_name} is not buildable", path)
    if action == "build" and job.parameters:
        raise pages.error(400, "Nothing is submitted", path)
    if action == "buildWithParameters" and not job.parameters:
        raise pages.error(400, f"{job.own_name} is not parameterized", path)
    sent = triggers.sent(call.request)
    values = triggers.values_of(job.parameters, sent, path)
    item, joined = call.server.submit(job, values, call.user.name, triggers.delay(sent))
    place = {"Location": f"{call.base}queue/item/{item.id}/"}
    return Reply(303 if joined and action == "buildWithParameters" else 201, headers=place)


def _found(server: Server, job: Job, number: str) -> Build | None:
    """Return a build by its number, or by what Jenkins calls some of them."""
    builds = server.builds[job.name]
    if number.isdigit():
        return builds.get(int(number))
    newest = [builds[each] for each in sorted(builds, reverse=True)]
    done = [build for build in newest if not build.building]
    match number:
        case "lastBuild":
            fitting = newest
        case "lastCompletedBuild":
            fitting = done
        case _:
            fitting = [build for build in done if build.result in RESULTS.get(number, ())]
    return fitting[0] if fitting else None
