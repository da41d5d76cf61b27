"""What a trigger asks for: declared parameters alone, each with a value of its kind.

As Jenkins does: an undeclared name is dropped in silence, a missing one takes its default, anything
but `true` is false, and a value outside a choice list is a fault of the server.
"""

import re

from opsbot.sandbox.jenkins import pages
from opsbot.sandbox.jenkins.jobs import Job, Parameter, Value
from opsbot.sandbox.loopback import Request

UNITS = {"": 0.001, "ms": 0.001, "sec": 1.0, "secs": 1.0, "s": 1.0, "min": 60.0}


def parameters(job: Job, request: Request) -> tuple[dict[str, Value], dict[str, list[str]]]:
    """Return the build's parameters, and all that was sent."""
    sent = {name: list(values) for name, values in request.parameters.items()}
    for name, values in request.form().items():
        sent.setdefault(name, []).extend(values)
    found = {each.name: _value(each, sent.get(each.name), request) for each in job.parameters}
    return found, sent


def delay(sent: dict[str, list[str]]) -> float:
    """Return the seconds that the build is to wait: a bare number is milliseconds."""
    found = re.fullmatch(r"(\d+)\s*([a-z]*)", sent.get("delay", ["0"])[0])
    return int(found[1]) * UNITS.get(found[2], 1.0) if found else 0.0


def _value(parameter: Parameter, sent: list[str] | None, request: Request) -> Value:
    if sent is None:
        return parameter.choices[0] if parameter.choices else parameter.default
    if len(sent) > 1:
        words = f"Illegal number of parameter values for {parameter.name}: {len(sent)}"
        raise pages.error(500, words, request.path)
    if parameter.choices and sent[0] not in parameter.choices:
        words = f"Illegal choice for parameter {parameter.name}: {sent[0]}"
        raise pages.error(500, words, request.path)
    if isinstance(parameter.default, bool):
        return sent[0] == "true"
    return sent[0]
