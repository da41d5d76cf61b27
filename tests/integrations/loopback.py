"""A small HTTP server on loopback whose every answer is a callable's."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Reply:
    """What the server says; `None` instead of a reply cuts the connection."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[bytes, str]:
        if isinstance(self.body, bytes):
            return self.body, self.headers.get("Content-Type", "text/html;charset=utf-8")
        if isinstance(self.body, str):
            return self.body.encode(), self.headers.get("Content-Type", "text/html;charset=utf-8")
        return json.dumps(self.body).encode(), "application/json;charset=utf-8"


Answer = Callable[[Request], Reply | None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    answer: Answer

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        kind = self.headers.get("Content-Type", "")
        form = dict(parse_qsl(body.decode(), keep_blank_values=True)) if "form" in kind else {}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.command, parts.path, query, form, dict(self.headers), body)
        reply = type(self).answer(request)
        if reply is None:
            self.close_connection = True
            return
        content, content_type = reply.encoded()
        self.send_response(reply.status)
        for name, value in {"Content-Type": content_type, **reply.headers}.items():
            self.send_header(name, value)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = _handle

    def log_message(self, *_: object) -> None:
        return


class Server(ThreadingHTTPServer):
    """Serves in threads that end with the test; a client that hangs up is no news."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        return
