"""What a Docker Engine says while it builds or pushes.

The engine answers 200 before it starts to work; how the work ended is a line of the stream. So
the stream is read to its end, its words are told, and an error in it fails the step.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import requests

from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

MOST_LINES = 400
LONGEST_LINE = 500
TAIL = 15


def read(ask: Callable[[], Iterable[dict[str, Any]]], what: str, say: Say) -> list[dict[str, Any]]:
    """Ask the engine, tell its words, and return its `aux` records; an error fails the step."""
    from docker.errors import APIError, DockerException

    try:
        return _records(ask(), what, say)
    except APIError as refused:
        raise _failure(what, str(refused.explanation), ()) from None
    except (requests.RequestException, DockerException) as fault:
        kind = type(fault).__name__
        raise TryAgain(f"The Docker Engine broke off at {what} ({kind}).") from None


def _records(events: Iterable[dict[str, Any]], what: str, say: Say) -> list[dict[str, Any]]:
    last: deque[str] = deque(maxlen=TAIL)
    records: list[dict[str, Any]] = []
    told, step = 0, ""
    for event in events:
        if isinstance(event.get("aux"), dict):
            records.append(event["aux"])
        if "error" in event:
            raise _failure(what, str(event["error"]), last, step)
        for line in _lines(event):
            step = line if line.startswith("Step ") else step
            last.append(line)
            told += 1
            if told <= MOST_LINES:
                say(line)
    return records


def _lines(event: dict[str, Any]) -> list[str]:
    # Progress bars (`progressDetail`) move many times a second and say nothing to a log.
    text = str(event.get("stream") or ("" if event.get("progressDetail") else event.get("status")))
    layer = f"{event['id']}: " if event.get("id") and text else ""
    return [
        redact(layer + line[:LONGEST_LINE])
        for line in text.splitlines()
        if line.strip() and text != "None"
    ]


def _failure(what: str, error: str, last: Iterable[str], step: str = "") -> StepFailed:
    """Return the error with the instruction of the Dockerfile that it came from, if one did."""
    ending = "\n".join(last)
    return StepFailed(
        f"The Docker Engine failed at {what}{f', in {step!r}' if step else ''}: "
        f"{redact(error[:1000])}"
        f"{chr(10) + 'Last lines:' + chr(10) + ending if ending else ''}"
    )
