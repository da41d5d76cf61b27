"""What a tool replied, and the ways in which it says no.

Real servers fail in three shapes: an error of the protocol (raised by the SDK), a result marked
`isError`, and a result that looks fine and holds `{"success": false}`. A reply that says yes says
nothing either: a server was seen to report "pushed" for an image that did not exist. So a yes is
only the end of the call; what came of it is read from the system itself.
"""

import json
from typing import Any

from mcp.types import CallToolResult, TextContent

from opsbot.integrations.mcp import foreign_text
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

LARGEST_TEXT = 1024 * 1024
"""Characters of a reply that are looked at."""
_NO = frozenset({"error", "failed", "failure"})


class Reply(Value):
    """What a tool said, as data."""

    text: str

    @property
    def shown(self) -> str:
        """The text as a person may see it."""
        return foreign_text.shown(self.text)

    def names(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the words that occur in the reply."""
        return tuple(each for each in words if each in self.text)


def read(tool: str, result: CallToolResult) -> Reply:
    """Return a reply; `StepFailed` with the server's words where it says no."""
    reply = Reply(text=_text(result)[:LARGEST_TEXT])
    if result.is_error or says_no(result.structured_content) or says_no(_json(reply.text)):
        raise StepFailed(f"The MCP tool {tool!r} says no: {reply.shown!r}")
    return reply


def says_no(content: object) -> bool:
    """Tell whether the content of a fine-looking result reports a failure."""
    match content:
        case {"success": False} | {"ok": False} | {"isError": True}:
            return True
        case {"error": problem} if problem:
            return True
        case {"status": str() as status}:
            return status.lower() in _NO
        case _:
            return False


def _text(result: CallToolResult) -> str:
    """Return the text of a result; where there is none, its structured content as JSON."""
    texts = [each.text for each in result.content if isinstance(each, TextContent)]
    if texts or result.structured_content is None:
        return "\n".join(texts)
    return json.dumps(result.structured_content, ensure_ascii=False)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
