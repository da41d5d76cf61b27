"""An incoming webhook of Slack: POST a JSON object with text or blocks, get `ok`.

`GET /messages` is the sandbox's own: it tells what came, the oldest first.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from opsbot.sandbox import loopback
from opsbot.sandbox.loopback import Log, Refusal, Reply, Request, Service, as_json

CONTENT = ("text", "blocks", "attachments")


@dataclass
class Channel:
    """What was posted, and the path that it is posted to."""

    path: str = field(
        default_factory=lambda: f"/services/T0SANDBOX/B0SANDBOX/{secrets.token_hex(12)}"
    )
    messages: list[dict[str, Any]] = field(default_factory=list)


def start(channel: Channel, log: Log) -> Service:
    """Serve one webhook."""
    return loopback.start("slack", lambda request: answer(channel, request), log)


def answer(channel: Channel, request: Request) -> Reply:
    """Answer one request."""
    match request.method, request.path:
        case "GET", "/messages":
            return as_json({"messages": list(channel.messages)})
        case "POST", channel.path:
            posted = _posted(request)
            received = datetime.now(UTC).isoformat(timespec="milliseconds")
            channel.messages.append(posted | {"received_at": received})
            return _words(200, "ok")
        case _, path if path.startswith("/services/"):
            return _words(404, "no_service")
    return _words(404, "not_found")


def _posted(request: Request) -> dict[str, Any]:
    text = request.body.whole().decode(errors="replace")
    if request.headers.get_content_type() == "application/x-www-form-urlencoded":
        text = parse_qs(text).get("payload", [""])[0]
    try:
        found = json.loads(text)
    except ValueError:
        raise Refusal(_words(400, "invalid_payload")) from None
    if not isinstance(found, dict):
        raise Refusal(_words(400, "invalid_payload"))
    if not any(found.get(each) for each in CONTENT):
        raise Refusal(_words(400, "no_text"))
    return found


def _words(status: int, words: str) -> Reply:
    return Reply(status, words.encode(), {"Content-Type": "text/html"})
