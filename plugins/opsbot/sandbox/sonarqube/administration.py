"""Calls that change something: projects, gates and tokens are made, chosen and removed."""

import re
import uuid
from dataclasses import replace

from opsbot.sandbox.loopback import Request
from opsbot.sandbox.sonarqube import analysis, descriptions, gates, measured, problems, tokens
from opsbot.sandbox.sonarqube.descriptions import Json
from opsbot.sandbox.sonarqube.gates import Condition, Gate
from opsbot.sandbox.sonarqube.tasks import Project, Server

KEY = re.compile(r"(?=.*[^0-9])[A-Za-z0-9\-_.:]{1,400}")


def create_project(server: Server, request: Request) -> Json:
    """Make a project that was never analysed."""
    key, name = problems.required(request, "project"), problems.required(request, "name")
    if not KEY.fullmatch(key):
        raise problems.problem(
            400,
            f"Malformed key for Project: '{key}'. Allowed characters are alphanumeric, '-', '_', "
            "'.' and ':', with at least one non-digit.",
        )
    similar = next((each for each in list(server.projects) if each.lower() == key.lower()), key)
    made = Project(key, name)
    if similar != key or server.projects.setdefault(key, made) is not made:
        raise problems.problem(
            400,
            f'Could not create Project with key: "{key}". A similar key already exists: '
            f'"{similar}"',
        )
    return {"project": {"key": key, "name": name, "qualifier": "TRK", "visibility": "public"}}


def delete_project(server: Server, request: Request) -> None:
    """Remove a project and its analyses."""
    del server.projects[problems.project(server, request, "project").key]


def create_gate(server: Server, request: Request) -> Json:
    """Make a gate; it has the conditions on new code from the start."""
    name = problems.required(request, "name")
    made = Gate(name, tuple(replace(each, id=str(uuid.uuid4())) for each in gates.ON_NEW_CODE))
    if server.gates.setdefault(name, made) is not made:
        raise problems.problem(400, "Name has already been taken")
    return {"name": name}


def create_condition(server: Server, request: Request) -> Json:
    """Add a condition to a gate; a metric has one at most."""
    gate = _own_gate(server, request, "gateName")
    metric, operator, threshold = (
        problems.required(request, name) for name in ("metric", "op", "error")
    )
    if metric not in measured.METRICS.split():
        raise problems.problem(404, f"There is no metric with key={metric}")
    if metric in {each.metric for each in gate.conditions}:
        raise problems.problem(400, f"Condition on metric '{metric}' already exists.")
    added = Condition(metric, operator, threshold)
    server.gates[gate.name] = replace(gate, conditions=(*gate.conditions, added))
    return descriptions.condition(added)


def delete_condition(server: Server, request: Request) -> None:
    """Take a condition from its gate."""
    id = problems.required(request, "id")
    for gate in list(server.gates.values()):
        kept = tuple(each for each in gate.conditions if each.id != id)
        if gate is not gates.SONAR_WAY and len(kept) < len(gate.conditions):
            server.gates[gate.name] = replace(gate, conditions=kept)
            return
    raise problems.problem(404, f"No quality gate condition with uuid '{id}'")


def select_gate(server: Server, request: Request) -> None:
    """Let a gate judge a project from its next analysis on."""
    gate = problems.gate(server, request, "gateName")
    problems.project(server, request, "projectKey").gate = gate.name


def destroy_gate(server: Server, request: Request) -> None:
    """Remove a gate; its projects are judged by the default one."""
    del server.gates[_own_gate(server, request, "name").name]


def generate_token(server: Server, request: Request) -> Json:
    """Make a token of the administrator."""
    name = problems.required(request, "name")
    kind = request.first("type", "USER_TOKEN")
    if kind not in tokens.PREFIXES:
        words = f"Value of parameter 'type' ({kind}) must be one of: {list(tokens.PREFIXES)}"
        raise problems.problem(400, words)
    if name in server.tokens:
        words = f"A user token for login 'admin' and name '{name}' already exists"
        raise problems.problem(400, words)
    made = server.tokens[name] = tokens.make(name, kind)
    described = {"login": "admin", "name": name, "token": made.value, "type": kind}
    return described | {"createdAt": analysis.stamp()}


def revoke_token(server: Server, request: Request) -> None:
    """Make a token worthless."""
    server.tokens.pop(problems.required(request, "name"), None)


def _own_gate(server: Server, request: Request, parameter: str) -> Gate:
    gate = problems.gate(server, request, parameter)
    if gate is gates.SONAR_WAY:
        words = f"Operation forbidden for built-in Quality Gate '{gate.name}'"
        raise problems.problem(400, words)
    return gate
