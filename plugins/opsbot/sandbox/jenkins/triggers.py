"""What a trigger asks for: declared parameters alone, each with a value of its kind.

As Jenkins does: an undeclared name is dropped in silence, a missing one takes its default, anything
but `true` is false, and a value outside a choice list is a fault of the server.
"""

import re

from opsbot.sandbox.jenkins import pages
from opsbot.sandbox.jenkins.jobs import Parameter, Value
from opsbot.sandbox.loopback import Request

UNITS = {"": 0.001, "ms": 0.001, "sec": 1.0, "secs": 1.0, "s": 1.0, "min": 60.0}


def sent(request: Request) -> dict[str, list[str]]:
    """Return all that the query and the form hold."""
    found = {name: list(values) for name, values in request.parameters.items()}
    for name, values in request.form().items():
        found.setdefault(name, []).extend(values)
    return found


def values_of(
    declared: tuple[Parameter, ...], given: dict[str, list[str]], path: str = ""
) -> dict[str, Value]:
    """Return a value for each declared parameter."""
    return {each.name: _value(each, given.get(each.name), path) for each in declared}


def delay(given: dict[str, list[str]]) -> float:
    """Return the seconds that the build is to wait: a bare number is milliseconds."""
    found = re.fullmatch(r"(\d+)\s*([a-z]*)", given.get("delay", ["0"])[0])
    return int(found[1]) * UNITS.get(found[2], 1.0) if found else 0.0


def word(value: object) -> str:
    """Return a value as forms spell it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(parameter: Parameter, given: list[str] | None, path: str) -> Value:
    if given is None:
        return parameter.standard
    if len(given) > 1:
        words = f"Illegal number of parameter values for {parameter.name}: {len(given)}"
        raise pages.error(500, words, path)
    if parameter.choices and given[0] not in parameter.choices:
        words = f"Illegal choice for parameter {parameter.name}: {given[0]}"
        raise pages.error(500, words, path)
    if isinstance(parameter.default, bool):
        return given[0] == "true"
    return given[0]
