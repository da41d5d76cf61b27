"""Input steps: what a build waits for somebody to decide.

The pipeline's own API lists what waits; once answered, by whomever, a step is listed no more. Ids
are capitalised by Jenkins. The addresses that Jenkins names for an answer are not used: paths are
built from the id.
"""

from typing import Any

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.errors import OpsBotError
from opsbot.vocabulary.model import Value

SIMPLE = frozenset(f"{kind}ParameterDefinition" for kind in ("String", "Text", "Boolean", "Choice"))
"""Kinds of values that are no secret and no file."""


class InputParameter(Value):
    """A value that an answer has to give."""

    name: str
    type: str
    default: str | bool | None
    choices: tuple[str, ...] = ()


class PendingInput(Value):
    """An input step that waits."""

    id: str
    message: str
    parameters: tuple[InputParameter, ...] = ()


def pending(client: JenkinsClient, job: str, number: int) -> tuple[PendingInput, ...] | None:
    """Return what waits for an answer; None where the server cannot list it."""
    found = client.find_at(f"{addresses.of_build(job, number)}wfapi/pendingInputActions")
    return None if found is None else tuple(_input(each) for each in found)


def in_words(client: JenkinsClient, job: str, number: int) -> str:
    """Say what a build waits for, to stand in a sentence; empty if for nothing that is known."""
    try:
        found = pending(client, job, number) or ()
    except OpsBotError:
        return ""
    return "".join(f", waiting for an answer to {each.id}: {each.message!r}" for each in found)


def _input(found: dict[str, Any]) -> PendingInput:
    return PendingInput(
        id=str(found["id"]),
        message=one_line(found.get("message")),
        parameters=tuple(_parameter(each) for each in found.get("inputs") or []),
    )


def _parameter(found: dict[str, Any]) -> InputParameter:
    definition = found.get("definition") or {}
    default = definition.get("defaultVal")
    return InputParameter(
        name=str(found["name"]),
        type=str(found.get("type", "")),
        default=default if isinstance(default, bool) or default is None else str(default),
        choices=tuple(map(str, definition.get("choices") or ())),
    )
