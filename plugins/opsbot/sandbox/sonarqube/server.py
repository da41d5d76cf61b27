"""The Web API over HTTP: which call is answered how.

`ce/submit` takes the sandbox scanner's own report (JSON); everything else is as clients of a
Community server know it: one branch, `main`, and a token by Bearer or as Basic's user.
"""

import base64
import hmac
import json
from binascii import Error as NoBase64
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from opsbot.sandbox import loopback
from opsbot.sandbox.loopback import Log, Reply, Request, Service, as_json
from opsbot.sandbox.sonarqube import (
    administration,
    descriptions,
    gates,
    measured,
    problems,
    searching,
)
from opsbot.sandbox.sonarqube.analysis import Report
from opsbot.sandbox.sonarqube.descriptions import Json
from opsbot.sandbox.sonarqube.tasks import Server
from opsbot.sandbox.sonarqube.tokens import Token

VERSION = "10.7.0.96327"
LARGEST_REPORT = 64 * 1024 * 1024


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
        return as_json({"valid": _token(server, request) is not None})
    if request.path.startswith("/dashboard"):
        return Reply(200, b"<title>SonarQube</title>", {"Content-Type": "text/html"})
    token = _token(server, request)
    if token is None:
        raise problems.unauthorized()
    if call not in CALLS:
        raise problems.problem(404, f"Unknown url : {request.path}")
    method, found = CALLS[call]
    if request.method != method:
        raise problems.problem(405, f"HTTP method {method} is required")
    if not token.may(call):
        raise problems.problem(403, "Insufficient privileges")
    form = request.form() if method == "POST" else {}
    told = found(server, replace(request, parameters=request.parameters | form))
    return Reply(204) if told is None else as_json(told)


def _token(server: Server, request: Request) -> Token | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (NoBase64, UnicodeDecodeError):
            return None
    elif scheme.lower() != "bearer":
        return None
    known = list(server.tokens.values())
    return next((each for each in known if _same(each.value, given)), None)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _submit(server: Server, request: Request) -> Json:
    try:
        sent = json.loads(request.body.whole(LARGEST_REPORT))
        report = Report(
            project_key=str(sent["projectKey"]),
            project_name=str(sent.get("projectName") or sent["projectKey"]),
            version=str(sent.get("projectVersion") or "not provided"),
            files={str(path): str(text) for path, text in sent["files"].items()},
            coverage=str(sent.get("coverage") or ""),
            date=str(sent.get("projectDate") or ""),
            revision=str(sent.get("revision") or ""),
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
    project = problems.project(server, request, "component", problems.COMPONENT)
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
    newest = problems.project(server, request, "projectKey").newest
    nothing = {"status": "NONE", "conditions": []}
    return {"projectStatus": newest.gate if newest else nothing}


def _gate_of_project(server: Server, request: Request) -> Json:
    gate = server.gate_of(problems.project(server, request, "project"))
    return {"qualityGate": {"name": gate.name, "default": gate is gates.SONAR_WAY}}


def _gate(server: Server, request: Request) -> Json:
    return descriptions.gate(problems.gate(server, request, "name"))


def _health(server: Server, request: Request) -> Json:
    return {"health": "GREEN", "causes": []}


def _component(server: Server, request: Request) -> Json:
    project = problems.project(server, request, "component", problems.COMPONENT)
    return {"component": descriptions.project(project), "ancestors": []}


def _branches(server: Server, request: Request) -> Json:
    return {"branches": [descriptions.branch(problems.project(server, request, "project"))]}


def _analyses(server: Server, request: Request) -> Json:
    project = problems.project(server, request, "project")
    found = [descriptions.analysis(each) for each in reversed(project.analyses)]
    page, paging = searching.paged(request, found)
    return {"paging": paging, "analyses": page}


CALLS: dict[str, tuple[str, Callable[[Server, Request], Json | None]]] = {
    "ce/submit": ("POST", _submit),
    "ce/task": ("GET", _task),
    "ce/component": ("GET", _component_tasks),
    "qualitygates/project_status": ("GET", _gate_status),
    "qualitygates/get_by_project": ("GET", _gate_of_project),
    "qualitygates/show": ("GET", _gate),
    "measures/component": ("GET", measured.of_project),
    "measures/component_tree": ("GET", measured.of_files),
    "duplications/show": ("GET", measured.copies),
    "issues/search": ("GET", searching.issues),
    "hotspots/search": ("GET", searching.hotspots),
    "components/show": ("GET", _component),
    "components/search_projects": ("GET", searching.projects),
    "project_branches/list": ("GET", _branches),
    "project_analyses/search": ("GET", _analyses),
    "system/health": ("GET", _health),
    "projects/create": ("POST", administration.create_project),
    "projects/delete": ("POST", administration.delete_project),
    "qualitygates/create": ("POST", administration.create_gate),
    "qualitygates/create_condition": ("POST", administration.create_condition),
    "qualitygates/delete_condition": ("POST", administration.delete_condition),
    "qualitygates/select": ("POST", administration.select_gate),
    "qualitygates/destroy": ("POST", administration.destroy_gate),
    "user_tokens/generate": ("POST", administration.generate_token),
    "user_tokens/revoke": ("POST", administration.revoke_token),
}
