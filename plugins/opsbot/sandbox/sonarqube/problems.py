"""Errors of the Web API: a list of messages; a refused token gets nothing but a 401."""

from opsbot.sandbox.loopback import Refusal, Reply, Request, as_json
from opsbot.sandbox.sonarqube.gates import Gate
from opsbot.sandbox.sonarqube.tasks import Project, Server

COMPONENT = "Component key '{}' not found"


def problem(status: int, words: str) -> Refusal:
    """Return the refusal of a request."""
    return Refusal(as_json({"errors": [{"msg": words}]}, status))


def unauthorized() -> Refusal:
    """Refuse a wrong or missing token."""
    return Refusal(Reply(401))


def required(request: Request, name: str) -> str:
    """Return a parameter that must be there."""
    if not (value := request.first(name)):
        raise problem(400, f"The '{name}' parameter is missing")
    return value


def project(
    server: Server, request: Request, name: str, words: str = "Project '{}' not found"
) -> Project:
    """Return the project that a parameter names; its one branch is `main`."""
    key = required(request, name)
    found = server.projects.get(key)
    if found is None:
        raise problem(404, words.format(key))
    branch = request.first("branch", "main")
    if branch != "main":
        raise problem(404, f"Branch '{branch}' in project '{key}' not found")
    return found


def gate(server: Server, request: Request, name: str) -> Gate:
    """Return the gate that a parameter names."""
    key = required(request, name)
    found = server.gates.get(key)
    if found is None:
        raise problem(404, f"No quality gate has been found for name {key}")
    return found
