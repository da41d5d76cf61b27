"""From the API server's answers to errors that say what to do.

The server's own text is kept, for it names field, owner and user. Three things in it mislead:

- A field it does not know, a value of the wrong type or a duplicate list key is HTTP 500 under
  server-side apply, as if the server were broken. It is permanent.
- 409 is two things: another manager owns a field (the causes say which), or the object changed
  since it was read (no such causes). The first is final, the second only a race.
- A failed TLS handshake is an ApiException with status 0.
"""

import json
import re
from typing import Any

from opsbot.vocabulary.errors import OpsBotError, StepFailed, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact

_OWNER = re.compile(r'conflict with "(?P<manager>[^"]*)"(?: with subresource "(?P<sub>[^"]*)")?')
_PERMANENT_500 = (
    "failed to create typed patch object",
    "duplicate entries for key",
    "failed to convert new object",
)
_FIELD = re.compile(r"(?<=\): )\.[-.\w]+(?=: )")
_NO_LOG = ("is waiting to start", "previous terminated container")
_REMEDIES = {
    400: "Correct the manifest or the request.",
    401: "The token of the connection is not accepted (any more): renew it.",
    403: "Give the user of the connection that right in this namespace.",
    404: "Check the names, and that the namespace exists.",
    409: "Something of that name is in the way; look at it before you try again.",
    422: "Correct the manifest: the API server does not take this value.",
}


class Conflict(Value):
    """One field of a manifest that another manager owns with another value."""

    field: str
    manager: str
    subresource: str = ""

    @property
    def owner(self) -> str:
        """Name the owner: `'kubectl' (through scale)`."""
        return f"{self.manager!r}" + (f" (through {self.subresource})" if self.subresource else "")


class FieldConflict(StepFailed):
    """Fields of the manifest belong to another manager, and their values differ."""

    def __init__(self, doing: str, conflicts: tuple[Conflict, ...]) -> None:
        self.conflicts = conflicts
        super().__init__(
            f"Could not {doing}: {self.fields}. Nothing was overwritten. Ask for a new plan: its "
            "preview says how such a field comes back to OPS Bot."
        )

    @property
    def fields(self) -> str:
        """Name every field with its owner."""
        return "; ".join(f"{each.field} belongs to {each.owner}" for each in self.conflicts)


class Missing(StepFailed):
    """The object, or the namespace it should be in, is not there."""


class NoLog(StepFailed):
    """The container has no log: it waits to start, or had no earlier life."""


class Changed(TryAgain):
    """The object changed, or came into being, between reading and writing it; read it again."""


def of_answer(status: int, body: str, doing: str, *, secret: bool = False) -> OpsBotError:
    """Return the error for an answer that is not a success.

    About a `secret` object the server's words may quote a value that it does not take; then the
    fields are named and the words are left out.
    """
    answer = _parse(body)
    message = redact(str(answer.get("message") or body[:500] or "no text"))
    permanent = any(words in message for words in _PERMANENT_500)
    if secret and status in (400, 422, 500):
        message = _without_words(answer, message)
    match status:
        case 0 | 408 | 429 | 502 | 503 | 504:
            return TryAgain(f"Could not {doing}: the API server is not available ({message}).")
        case 409:
            return _of_conflict(answer, message, doing)
        case 500 if permanent:
            return StepFailed(
                f"Could not {doing}: {message}. Correct that field in the manifest; "
                "the API server will not take it however often it is tried."
            )
        case _ if status >= 500:
            return TryAgain(f"Could not {doing}: the API server failed ({status}: {message}).")
        case _:
            return _permanent(status, message, doing)


def _without_words(answer: dict[str, Any], message: str) -> str:
    """Name the fields that an answer about a Secret is about, and nothing else of it."""
    causes = (answer.get("details") or {}).get("causes") or []
    fields = [str(each.get("field")) for each in causes] or _FIELD.findall(message)[:1]
    about = f"; it is about {', '.join(fields)}" if fields else ""
    return f"the API server's words are left out, for they may quote a value{about}"


def of_transport(fault: Exception, doing: str) -> TryAgain:
    """Return the error for a request that got no answer."""
    kind = type(getattr(fault, "reason", None) or fault).__name__
    return TryAgain(f"Could not {doing}: no answer from the API server ({kind}).")


def _conflict(cause: dict[str, Any]) -> Conflict:
    """Read one cause; its message names the manager, and the subresource it came through."""
    found = _OWNER.search(str(cause.get("message")))
    manager, through = (found["manager"], found["sub"] or "") if found else ("nobody known", "")
    return Conflict(field=str(cause.get("field")), manager=manager, subresource=through)


def _permanent(status: int, message: str, doing: str) -> StepFailed:
    if status == 404:
        return Missing(f"Could not {doing}: {message}. {_REMEDIES[404]}")
    if status == 400 and any(words in message for words in _NO_LOG):
        return NoLog(f"Could not {doing}: {message} (HTTP 400). Look at the pod's state.")
    remedy = _REMEDIES.get(status, "Look at the cluster.")
    return StepFailed(f"Could not {doing}: {message} (HTTP {status}). {remedy}")


def _of_conflict(answer: dict[str, Any], message: str, doing: str) -> OpsBotError:
    causes = (answer.get("details") or {}).get("causes") or []
    fields = [each for each in causes if each.get("reason") == "FieldManagerConflict"]
    if fields:
        return FieldConflict(doing, tuple(_conflict(each) for each in fields))
    if answer.get("reason") in ("Conflict", "AlreadyExists"):
        return Changed(f"Could not {doing}: {message}.")
    return StepFailed(f"Could not {doing}: {message} (HTTP 409). {_REMEDIES[409]}")


def _parse(body: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
