"""What the Remote API says of builds, as JSON."""

from typing import Any

from opsbot.sandbox.jenkins.builds import Build
from opsbot.sandbox.jenkins.places import path_of

__all__ = ["Build", "build", "origin", "short"]

Json = dict[str, Any]
BUILD = "org.jenkinsci.plugins.workflow.job.WorkflowRun"
_MODEL = "hudson.model"


def build(build: Build, base: str) -> Json:
    """Describe a build."""
    return short(build, base) | {
        "id": str(build.number),
        "queueId": build.queue_id,
        "building": build.building,
        "inProgress": build.building,
        "result": build.result,
        "timestamp": build.started,
        "duration": build.duration,
        "estimatedDuration": -1,
        "displayName": f"#{build.number}",
        "fullDisplayName": f"{build.job.name.replace('/', ' » ')} #{build.number}",
        "description": None,
        "keepLog": False,
        "executor": {} if build.building else None,
        "artifacts": [_artifact(each) for each in build.artifacts],
        "actions": [*origin(build.parameters, build.users), {}, *_found(build)],
        "changeSets": [],
        "culprits": [],
    }


def short(build: Build, base: str) -> Json:
    """Name a build."""
    url = f"{base}{path_of(build.job.name)}{build.number}/"
    return {"_class": BUILD, "number": build.number, "url": url}


def origin(parameters: dict[str, Any], users: list[str]) -> list[Json]:
    """Describe with which values, and by whom, something was started."""
    values = [
        {"_class": f"{_MODEL}.{_kind(value)}ParameterValue", "name": name, "value": value}
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


def _found(build: Build) -> list[Json]:
    """Describe what the build has met with so far."""
    found: list[Json] = []
    if build.commit:
        revision = {"SHA1": build.commit, "branch": []}
        found.append({"_class": "hudson.plugins.git.util.BuildData", "lastBuiltRevision": revision})
    if build.interrupted:
        cause = {"shortDescription": build.interrupted}
        found.append({"_class": "jenkins.model.InterruptedBuildAction", "causes": [cause]})
    if build.tests:
        counts = {name: build.tests[name] for name in ("failCount", "skipCount")}
        total = sum(build.tests[name] for name in ("failCount", "skipCount", "passCount"))
        more = {"totalCount": total, "urlName": "testReport"}
        found.append({"_class": "hudson.tasks.junit.TestResultAction"} | counts | more)
    return found


def _artifact(path: str) -> Json:
    name = path.rpartition("/")[2]
    return {"displayPath": name, "fileName": name, "relativePath": path}


def _kind(value: Any) -> str:
    return "Boolean" if isinstance(value, bool) else "String"
