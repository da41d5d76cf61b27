"""Errors of the Web API: a list of messages; a refused token gets nothing but a 401."""

from opsbot.sandbox.loopback import Refusal, Reply, Request, as_json


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
