"""The Web API over HTTP: which call is answered how.

`ce/submit` takes the sandbox scanner's own report (JSON); everything else is as clients of a
Community server know it: one branch, `main`, and a user token by Bearer or as Basic's user.
"""

import base64
import hmac
import json
from binascii import Error as NoBase64
from collections.abc import Callable
from functools import partial

from opsbot.sandbox import loopback
from opsbot.sandbox.loopback import Log, Reply, Request, Service, as_json
from opsbot.sandbox.sonarqube import descriptions, problems, searching
from opsbot.sandbox.sonarqube.analysis import GATE_NAME, Report
from opsbot.sandbox.sonarqube.descriptions import Json
from opsbot.sandbox.sonarqube.tasks import Project, Server

VERSION = "10.7.0.96327"
LARGEST_REPORT = 64 * 1024 * 1024
METRICS = (
    "alert_status branch_coverage bugs code_smells coverage duplicated_blocks duplicated_lines "
    "duplicated_lines_density files line_coverage lines_to_cover ncloc reliability_rating "
    "security_hotspots security_hotspots_reviewed security_rating sqale_index sqale_rating "
    "uncovered_lines vulnerabilities"
)


def start(server: Server, log: Log) -> Service:
    """Serve a SonarQube, and begin to analyse."""
    server.start()
    return loopback.start("sonarqube", partial(answer, server), log)


def answer(server: Server, request: Request) -> Reply:
    """Answer one request."""
    call = request.path.removeprefix("/api/")
    if call == "system/status":
        return as_json({"id": "SANDBOX", "version": VERSION, "status": "UP"})
    if call == "authentication/validate":
        return as_json({"valid": _is_known(server, request)})
    if request.path.startswith("/dashboard"):
        return Reply(200, b"<title>SonarQube</title>", {"Content-Type": "text/html"})
    if not _is_known(server, request):
        raise problems.unauthorized()
    if call not in CALLS:
        raise problems.problem(404, f"Unknown url : {request.path}")
    method, found = CALLS[call]
    if request.method != method:
        raise problems.problem(405, f"HTTP method {method} is required")
    return as_json(found(server, request))


def _is_known(server: Server, request: Request) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (NoBase64, UnicodeDecodeError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.encode(), server.token.encode())


def _submit(server: Server, request: Request) -> Json:
    try:
        sent = json.loads(request.body.whole(LARGEST_REPORT))
        report = Report(
            project_key=str(sent["projectKey"]),
            project_name=str(sent.get("projectName") or sent["projectKey"]),
            version=str(sent.get("projectVersion") or "not provided"),
            files={str(path): str(text) for path, text in sent["files"].items()},
            coverage=str(sent.get("coverage") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise problems.problem(400, f"The report cannot be read: {fault!r}") from None
    task = server.submit(report)
    return {"taskId": task.id, "projectId": task.component_id}


def _task(server: Server, request: Request) -> Json:
    id = problems.required(request, "id")
    if id not in server.tasks:
        raise problems.problem(404, f"No activity found for task '{id}'")
    return {"task": descriptions.task(server.tasks[id])}


def _component_tasks(server: Server, request: Request) -> Json:
    project = _project(server, request, "component", "Component key '{}' not found")
    tasks = [descriptions.task(each) for each in project.tasks]
    waiting = [each for each in tasks if each["status"] in ("PENDING", "IN_PROGRESS")]
    done = [each for each in tasks if each["status"] in ("SUCCESS", "FAILED")]
    return {"queue": waiting} | ({"current": done[-1]} if done else {})


def _gate_status(server: Server, request: Request) -> Json:
    by_analysis, by_project = request.first("analysisId"), request.first("projectKey")
    if bool(by_analysis) == bool(by_project):
        words = "Either 'analysisId', 'projectId' or 'projectKey' must be provided"
        raise problems.problem(400, words)
    if by_analysis:
        found = server.analysed(by_analysis)
        if found is None:
            raise problems.problem(404, f"Analysis with id '{by_analysis}' is not found")
        return {"projectStatus": found.gate}
    newest = _project(server, request, "projectKey").newest
    nothing = {"status": "NONE", "conditions": []}
    return {"projectStatus": newest.gate if newest else nothing}


def _gate_of_project(server: Server, request: Request) -> Json:
    _project(server, request, "project")
    return {"qualityGate": {"name": GATE_NAME, "default": True}}


def _measures(server: Server, request: Request) -> Json:
    project = _project(server, request, "component", "Component key '{}' not found")
    wanted = problems.required(request, "metricKeys").split(",")
    if unknown := [each for each in wanted if each not in METRICS.split()]:
        words = f"The following metric keys are not found: {', '.join(unknown)}"
        raise problems.problem(404, words)
    known = project.newest.measures if project.newest else {}
    found = [descriptions.measure(name, known[name]) for name in wanted if name in known]
    described = {"key": project.key, "name": project.name, "qualifier": "TRK", "measures": found}
    return {"component": described}


def _component(server: Server, request: Request) -> Json:
    project = _project(server, request, "component", "Component key '{}' not found")
    return {"component": descriptions.project(project), "ancestors": []}


def _projects(server: Server, request: Request) -> Json:
    found = [descriptions.project(each) for each in list(server.projects.values())]
    page, paging = searching.paged(request, found)
    return {"paging": paging, "components": page}


def _branches(server: Server, request: Request) -> Json:
    return {"branches": [descriptions.branch(_project(server, request, "project"))]}


def _analyses(server: Server, request: Request) -> Json:
    project = _project(server, request, "project")
    found = [
        {"key": each.id, "date": each.date, "projectVersion": each.version, "events": []}
        for each in reversed(project.analyses)
    ]
    page, paging = searching.paged(request, found)
    return {"paging": paging, "analyses": page}


def _project(
    server: Server, request: Request, name: str, words: str = "Project '{}' not found"
) -> Project:
    key = problems.required(request, name)
    project = server.projects.get(key)
    if project is None:
        raise problems.problem(404, words.format(key))
    branch = request.first("branch", "main")
    if branch != "main":
        raise problems.problem(404, f"Branch '{branch}' in project '{key}' not found")
    return project


CALLS: dict[str, tuple[str, Callable[[Server, Request], Json]]] = {
    "ce/submit": ("POST", _submit),
    "ce/task": ("GET", _task),
    "ce/component": ("GET", _component_tasks),
    "qualitygates/project_status": ("GET", _gate_status),
    "qualitygates/get_by_project": ("GET", _gate_of_project),
    "measures/component": ("GET", _measures),
    "issues/search": ("GET", searching.issues),
    "hotspots/search": ("GET", searching.hotspots),
    "components/show": ("GET", _component),
    "components/search_projects": ("GET", _projects),
    "project_branches/list": ("GET", _branches),
    "project_analyses/search": ("GET", _analyses),
}
