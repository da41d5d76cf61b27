"""A build's log, up to a limit.

Logs can be hundreds of megabytes. What is longer than the limit loses its middle: a log's beginning
says what was tried, its end how it ended. The next offset is Jenkins' own word (`X-Text-Size`):
lengths differ from it, and one beyond the end brings the whole log again.
"""

import requests

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient, refusal
from opsbot.integrations.jenkins.text import of_log
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.model import Value

MOST_READ = 64 * 1024 * 1024
"""Bytes of one answer that are looked through."""
CHUNK = 64 * 1024


class Piece(Value):
    """A piece of a log."""

    text: str
    left_off: int
    """Bytes that are not shown."""
    next_offset: int = 0
    more: bool = False
    """Whether the build may still write."""


def since(client: JenkinsClient, job: str, number: int, offset: int, limit: int) -> Piece:
    """Return what was written since an offset that Jenkins named before; 0 is the beginning."""
    path = f"{addresses.of_build(job, number)}logText/progressiveText"
    response = _open(client, path, {"start": str(offset)}, f"{job} #{number}")
    size = int(response.headers.get("X-Text-Size", "0"))
    more = response.headers.get("X-More-Data") == "true"
    if offset > size:
        response.close()
        raise StepFailed(
            f"The log of {job} #{number} ends at {size}, before offset {offset}: "
            "read it from the beginning (offset 0)."
        )
    head, tail, left_off = _ends(response, limit // 2, limit - limit // 2)
    return Piece(text=_joined(head, tail, left_off), left_off=left_off, next_offset=size, more=more)


def tail(client: JenkinsClient, job: str, number: int, limit: int) -> Piece:
    """Return the log's last lines."""
    path = f"{addresses.of_build(job, number)}consoleText"
    _, last, left_off = _ends(_open(client, path, {}, f"{job} #{number}"), 0, limit)
    return Piece(text=_joined(b"", last, left_off), left_off=left_off)


def _open(
    client: JenkinsClient, path: str, params: dict[str, str], build: str
) -> requests.Response:
    response = client.server.get(path, params)
    if response.status_code == 404:
        response.close()
        raise StepFailed(
            f"Jenkins knows no build {build}, or {client.user!r} may not see it: it never was, "
            "or was deleted or rotated. Look at the job's builds."
        )
    if response.status_code != 200:
        raise refusal(response, path)
    return response


def _ends(response: requests.Response, head: int, tail: int) -> tuple[bytes, bytes, int]:
    """Return the first and last bytes of a body, and how many were between."""
    first, last, left_off = bytearray(), bytearray(), 0
    try:
        for chunk in response.iter_content(CHUNK):
            taken = min(len(chunk), head - len(first))
            first += chunk[:taken]
            last += chunk[taken:]
            if (surplus := len(last) - tail) > 0:
                left_off += surplus
                del last[:surplus]
            if left_off > MOST_READ:
                raise StepFailed(f"The log is longer than {MOST_READ} bytes: read it in Jenkins.")
    except requests.RequestException as fault:
        raise TryAgain(f"The log broke off ({type(fault).__name__}).") from None
    finally:
        response.close()
    return bytes(first), bytes(last), left_off


def _joined(head: bytes, tail: bytes, left_off: int) -> str:
    """Join both ends as text; where something is between, a line that was cut is left off too."""
    if not left_off:
        return of_log((head + tail).decode(errors="replace"))
    first = head.decode(errors="replace").rpartition("\n")[0]
    last = tail.decode(errors="replace").partition("\n")[2]
    gap = f"[{left_off} bytes left off]"
    return "\n".join(each for each in (of_log(first), gap, of_log(last)) if each)
