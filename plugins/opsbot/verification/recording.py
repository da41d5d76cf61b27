"""A recorded rollout: what a watcher of a namespace saw, line by line.

The first line says which Deployment, what served before and which limits hold; each other line is
a moment `t`, in seconds since the new version was applied: an object that was added, modified or
deleted, or the log of a container that ended. Nothing later than a moment is known at it.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

Json = dict[str, Any]
Model = TypeVar("Model", bound=Value)


class Settings(Value):
    """The limits that held."""

    restarts: int = Field(default=3, ge=1)
    """Ends of one container that abort a rollout."""
    progress_deadline_seconds: float = 600.0


class Header(Value):
    """What a recording is of."""

    deployment: str
    namespace: str
    settings: Settings = Settings()
    seconds: float = Field(ge=0)
    """How long it goes on after the apply."""


class Moment(Value):
    """One line."""

    t: float
    type: str
    object: Json = Field(default_factory=dict)
    pod: str = ""
    container: str = ""
    previous: bool = False
    text: str = ""

    @model_validator(mode="after")
    def _says_what_it_is_about(self) -> Self:
        if self.type != "LOG" and not (self.object.get("metadata") or {}).get("name"):
            raise ValueError("an object has a metadata.name")
        return self


class Recording(Value):
    """A whole recording, in the order of time."""

    header: Header
    moments: tuple[Moment, ...]


def parse(lines: Iterable[str], name: str) -> Recording:
    """Read a recording; `Refused` names the line that is none."""
    numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
    found = iter([_parsed(n, line, name) for n, line in numbered])
    first = next(found, None)
    if first is None:
        raise Refused(f"{name} is empty. Give a recorded rollout.")
    header = _model(Header, *first, name)
    moments = tuple(_model(Moment, number, each, name) for number, each in found)
    return Recording(header=header, moments=tuple(sorted(moments, key=lambda each: each.t)))


def together(recording: Recording) -> Iterator[tuple[float, tuple[Moment, ...]]]:
    """Return the moments of each time, in order; a watcher sees them before it thinks again."""
    group: list[Moment] = []
    for moment in recording.moments:
        if group and moment.t != group[0].t:
            yield group[0].t, tuple(group)
            group = []
        group.append(moment)
    if group:
        yield group[0].t, tuple(group)


def _parsed(number: int, line: str, name: str) -> tuple[int, Json]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(f"{name}, line {number}: it is no JSON object. Give a recorded rollout.")
    return number, found


def _model(model: type[Model], number: int, found: Json, name: str) -> Model:
    known = {key: value for key, value in found.items() if key in model.model_fields}
    try:
        return model.model_validate(known)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(each) for each in first["loc"])
        raise Refused(f"{name}, line {number}: {place!r}: {first['msg']}.") from None
