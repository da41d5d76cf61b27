"""What the Remote API says of jobs, queue items and builds, as JSON.

URLs are built from the host that the client asked. `tree` is not cut to: an answer may have more
than was asked for, but a list of builds has their contents only if the tree wants them.
"""

from typing import Any

from opsbot.sandbox.jenkins.builds import Build, Item, now
from opsbot.sandbox.jenkins.jobs import Job, Parameter
from opsbot.sandbox.jenkins.queue import Server

Json = dict[str, Any]
JOB, BUILD = (
    "org.jenkinsci.plugins.workflow.job.WorkflowJob",
    "org.jenkinsci.plugins.workflow.job.WorkflowRun",
)
COLORS = {"SUCCESS": "blue", "UNSTABLE": "yellow", "FAILURE": "red", "ABORTED": "aborted"}
MOST_BUILDS = 100
_MODEL = "hudson.model"


def top(server: Server, base: str) -> Json:
    """Describe the server."""
    return {
        "_class": "hudson.model.Hudson",
        "mode": "NORMAL",
        "nodeDescription": "the Jenkins of OPS Bot's sandbox",
        "numExecutors": 2,
        "quietingDown": False,
        "useSecurity": True,
        "url": base,
        "jobs": [task(server, each, base) for each in server.jobs.values()],
    }


def task(server: Server, job: Job, base: str) -> Json:
    """Describe a job in a line."""
    url = f"{base}job/{job.name}/"
    return {"_class": JOB, "name": job.name, "url": url, "color": _color(server, job)}


def job(server: Server, job: Job, base: str, *, deep: bool) -> Json:
    """Describe a job; `deep` describes its builds too."""
    builds = [server.builds[job.name][number] for number in sorted(server.builds[job.name])][::-1]
    waiting = [each for each in server.waiting() if each.job == job]
    definitions = [_definition(each) for each in job.parameters]
    declared: Json = {"_class": f"{_MODEL}.ParametersDefinitionProperty"}
    declared |= {"parameterDefinitions": definitions}
    done = [each for each in builds if not each.building]
    return task(server, job, base) | {
        "fullName": job.name,
        "displayName": job.name,
        "description": job.description,
        "buildable": True,
        "concurrentBuild": True,
        "inQueue": bool(waiting),
        "queueItem": item(server, waiting[0], base) if waiting else None,
        "property": [declared] if definitions else [],
        "actions": [],
        "nextBuildNumber": server.next_number(job),
        "builds": [build(each, base) if deep else _short(each, base) for each in builds][
            :MOST_BUILDS
        ],
        "firstBuild": _short_or_none(builds[-1:], base),
        "lastBuild": _short_or_none(builds, base),
        "lastCompletedBuild": _short_or_none(done, base),
        "lastSuccessfulBuild": _short_or_none(_of(done, "SUCCESS", "UNSTABLE"), base),
        "lastStableBuild": _short_or_none(_of(done, "SUCCESS"), base),
        "lastUnstableBuild": _short_or_none(_of(done, "UNSTABLE"), base),
        "lastFailedBuild": _short_or_none(_of(done, "FAILURE"), base),
        "lastUnsuccessfulBuild": _short_or_none(_of(done, "UNSTABLE", "FAILURE", "ABORTED"), base),
    }


def item(server: Server, item: Item, base: str) -> Json:
    """Describe a queue item, waiting or left."""
    words = "".join(f"\n{name}={_word(value)}" for name, value in item.parameters.items())
    described = {
        "actions": _actions(item.parameters, item.users),
        "blocked": False,
        "buildable": False,
        "id": item.id,
        "inQueueSince": item.since,
        "params": words,
        "stuck": False,
        "task": task(server, item.job, base),
        "url": f"queue/item/{item.id}/",
    }
    return described | _state(item, base)


def _state(item: Item, base: str) -> Json:
    if not item.is_waiting:
        executable = _short(item.build, base) if item.build else None
        left = {"why": None, "cancelled": item.cancelled, "executable": executable}
        return {"_class": f"{_MODEL}.Queue$LeftItem"} | left
    if (seconds := (item.due - now()) / 1000) > 0:
        why = f"In the quiet period. Expires in {seconds:.1f} sec"
        return {"_class": f"{_MODEL}.Queue$WaitingItem", "why": why, "timestamp": item.due}
    return {
        "_class": f"{_MODEL}.Queue$BuildableItem",
        "why": "Waiting for next available executor",
        "buildable": True,
        "buildableStartMilliseconds": item.due,
        "pending": False,
    }


def build(build: Build, base: str) -> Json:
    """Describe a build."""
    return _short(build, base) | {
        "id": str(build.number),
        "queueId": build.queue_id,
        "building": build.building,
        "inProgress": build.building,
        "result": build.result,
        "timestamp": build.started,
        "duration": build.duration,
        "estimatedDuration": -1,
        "displayName": f"#{build.number}",
        "fullDisplayName": f"{build.job.name} #{build.number}",
        "description": None,
        "keepLog": False,
        "executor": {} if build.building else None,
        "artifacts": [_artifact(each) for each in build.artifacts],
        "actions": [*_actions(build.parameters, build.users), {}, *_found(build)],
        "changeSets": [],
        "culprits": [],
    }


def _found(build: Build) -> list[Json]:
    found: list[Json] = []
    if build.commit:
        revision = {"SHA1": build.commit, "branch": []}
        found.append({"_class": "hudson.plugins.git.util.BuildData", "lastBuiltRevision": revision})
    if build.tests:
        counts = {name: build.tests[name] for name in ("failCount", "skipCount")}
        total = sum(build.tests[name] for name in ("failCount", "skipCount", "passCount"))
        more = {"totalCount": total, "urlName": "testReport"}
        found.append({"_class": "hudson.tasks.junit.TestResultAction"} | counts | more)
    return found


def _actions(parameters: dict[str, Any], users: list[str]) -> list[Json]:
    values = [
        {
            "_class": f"{_MODEL}.{_kind(value)}ParameterValue",
            "name": name,
            "value": value,
        }
        for name, value in parameters.items()
    ]
    causes = [
        {
            "_class": f"{_MODEL}.Cause$UserIdCause",
            "shortDescription": f"Started by user {user}",
            "userId": user,
            "userName": user,
        }
        for user in users
    ]
    caused = {"_class": f"{_MODEL}.CauseAction", "causes": causes}
    if not values:
        return [caused]
    return [{"_class": f"{_MODEL}.ParametersAction", "parameters": values}, caused]


def _definition(parameter: Parameter) -> Json:
    kind = f"{parameter.kind}ParameterDefinition"
    default = parameter.choices[0] if parameter.choices else parameter.default
    described = {
        "_class": f"{_MODEL}.{kind}",
        "name": parameter.name,
        "type": kind,
        "description": parameter.description,
        "defaultParameterValue": {"name": parameter.name, "value": default},
    }
    return described | ({"choices": list(parameter.choices)} if parameter.choices else {})


def _short(build: Build, base: str) -> Json:
    url = f"{base}job/{build.job.name}/{build.number}/"
    return {"_class": BUILD, "number": build.number, "url": url}


def _short_or_none(builds: list[Build], base: str) -> Json | None:
    return _short(builds[0], base) if builds else None


def _of(builds: list[Build], *results: str) -> list[Build]:
    return [build for build in builds if build.result in results]


def _artifact(path: str) -> Json:
    name = path.rpartition("/")[2]
    return {"displayPath": name, "fileName": name, "relativePath": path}


def _kind(value: Any) -> str:
    return "Boolean" if isinstance(value, bool) else "String"


def _color(server: Server, job: Job) -> str:
    builds = list(server.builds[job.name].values())
    done = [each for each in builds if not each.building]
    color = COLORS.get(done[-1].result or "", "notbuilt") if done else "notbuilt"
    return f"{color}_anime" if len(done) < len(builds) else color


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
