"""What the Remote API says of the server, its folders and its jobs, as JSON.

URLs are built from the host that the client asked. Without a `tree` what lies below is named only;
with one everything is described, to be cut to what the tree wants.
"""

from typing import Any

from opsbot.sandbox.jenkins import build_descriptions as runs
from opsbot.sandbox.jenkins import queue_descriptions as queued
from opsbot.sandbox.jenkins.jobs import Folder, Job, Parameter
from opsbot.sandbox.jenkins.logins import User
from opsbot.sandbox.jenkins.places import path_of
from opsbot.sandbox.jenkins.queue import Server

Json = dict[str, Any]
CLASSES = {
    "folder": "com.cloudbees.hudson.plugins.folder.Folder",
    "multibranch": "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject",
}
MOST_BUILDS = 100


def top(server: Server, user: User, base: str, *, deep: bool) -> Json:
    """Describe the server."""
    return {
        "_class": "hudson.model.Hudson",
        "mode": "NORMAL",
        "nodeDescription": "the Jenkins of OPS Bot's sandbox",
        "numExecutors": 2,
        "quietingDown": server.is_quieting,
        "useSecurity": True,
        "url": base,
        "jobs": _inside(server, user, "", base, deep=deep),
    }


def folder(server: Server, user: User, folder: Folder, base: str, *, deep: bool) -> Json:
    """Describe a folder or a multibranch project: no `buildable`, no builds."""
    return {
        "_class": CLASSES[folder.kind],
        "name": folder.own_name,
        "fullName": folder.name,
        "displayName": folder.own_name,
        "url": base + path_of(folder.name),
        "description": None,
        "healthReport": [],
        "views": [{"_class": "hudson.model.AllView", "name": "All"}],
        "jobs": _inside(server, user, folder.name, base, deep=deep),
    }


def job(server: Server, job: Job, base: str, *, deep: bool) -> Json:
    """Describe a job; `deep` describes its builds too."""
    known = server.builds[job.name]
    builds = [known[number] for number in sorted(known, reverse=True)]
    waiting = [each for each in server.waiting() if each.job == job]
    done = [each for each in builds if not each.building]

    def newest(found: list[runs.Build]) -> Json | None:
        if not found:
            return None
        return runs.build(found[0], base) if deep else runs.short(found[0], base)

    described = [runs.build(each, base) if deep else runs.short(each, base) for each in builds]
    return queued.task(server, job, base) | {
        "fullName": job.name,
        "displayName": job.own_name,
        "description": job.description,
        "buildable": job.is_buildable,
        "concurrentBuild": job.is_concurrent,
        "inQueue": bool(waiting),
        "queueItem": queued.item(server, waiting[0], base) if waiting else None,
        "property": _properties(job),
        "actions": [],
        "nextBuildNumber": server.next_number(job),
        "builds": described[:MOST_BUILDS],
        **({"allBuilds": described} if deep else {}),
        "firstBuild": newest(builds[-1:]),
        "lastBuild": newest(builds),
        "lastCompletedBuild": newest(done),
        "lastSuccessfulBuild": newest(_of(done, "SUCCESS", "UNSTABLE")),
        "lastStableBuild": newest(_of(done, "SUCCESS")),
        "lastUnstableBuild": newest(_of(done, "UNSTABLE")),
        "lastFailedBuild": newest(_of(done, "FAILURE")),
        "lastUnsuccessfulBuild": newest(_of(done, "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED")),
    }


def _inside(server: Server, user: User, place: str, base: str, *, deep: bool) -> list[Json]:
    """Describe what a folder holds, by name; the server's own place is empty."""
    found: dict[str, Json] = {}
    for name, each in server.folders.items():
        if name.rpartition("/")[0] == place:
            shallow = {"_class": CLASSES[each.kind], "name": each.own_name}
            shallow["url"] = base + path_of(name)
            found[name] = folder(server, user, each, base, deep=True) if deep else shallow
    for name, known in server.jobs.items():
        if name.rpartition("/")[0] == place and name not in user.hidden:
            described = job(server, known, base, deep=True)
            found[name] = described if deep else queued.task(server, known, base)
    return [found[name] for name in sorted(found)]


def _properties(job: Job) -> list[Json]:
    if not job.parameters:
        return []
    return [
        {
            "_class": "hudson.model.ParametersDefinitionProperty",
            "parameterDefinitions": [definition(each) for each in job.parameters],
        }
    ]


def definition(parameter: Parameter) -> Json:
    """Describe a declared parameter."""
    kind = f"{parameter.kind}ParameterDefinition"
    described = {
        "_class": f"hudson.model.{kind}",
        "name": parameter.name,
        "type": kind,
        "description": parameter.description,
        "defaultParameterValue": {"name": parameter.name, "value": parameter.standard},
    }
    return described | ({"choices": list(parameter.choices)} if parameter.choices else {})


def _of(builds: list[runs.Build], *results: str) -> list[runs.Build]:
    return [build for build in builds if build.result in results]
