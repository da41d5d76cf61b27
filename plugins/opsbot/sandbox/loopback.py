"""One small HTTP server for all systems of the sandbox: on 127.0.0.1, a thread per connection.

A system is a function from request to reply. Bodies may come with a length or chunked, and are
read as far as the system wants; a reply's body may be bytes, or pieces that are sent as they come.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HOST = "127.0.0.1"
CHUNK = 64 * 1024
LOOK_UP_SECONDS = 0.5
LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a body that is read as a whole; larger ones are streams."""


@dataclass(frozen=True)
class Reply:
    """What a system answers."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: dict[str, str] = field(default_factory=dict)


def as_json(found: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """Reply with a JSON document."""
    kind = {"Content-Type": "application/json;charset=utf-8"}
    return Reply(status, json.dumps(found).encode(), kind | (headers or {}))


class Refusal(Exception):
    """A reply that ends the work on a request."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Body:
    """A request's body: as many bytes as its length says, or chunks until the last."""

    def __init__(self, source: BufferedIOBase, headers: Message) -> None:
        self._source = source
        self._chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
        self._left = 0 if self._chunked else int(headers.get("Content-Length") or 0)

    def pieces(self, limit: int) -> Iterator[bytes]:
        """Yield the body; `Refusal` 413 beyond the limit."""
        while piece := self.read(CHUNK):
            limit -= len(piece)
            if limit < 0:
                raise Refusal(Reply(413, b"the body is too large\n"))
            yield piece

    def whole(self, limit: int = LARGEST_BODY) -> bytes:
        """Return the whole body."""
        return b"".join(self.pieces(limit))

    def read(self, most: int) -> bytes:
        """Return some bytes, or none at the end."""
        if self._chunked and self._left == 0:
            self._next_chunk()
        piece = self._source.read(min(most, self._left))
        self._left -= len(piece)
        if self._chunked and self._left == 0 and piece:
            self._source.readline()
        return piece

    def _next_chunk(self) -> None:
        self._left = int(self._source.readline().split(b";")[0].strip() or b"0", 16)
        if self._left == 0:
            self._chunked = False
            while self._source.readline().strip():
                pass


@dataclass(frozen=True)
class Request:
    """What a client asks."""

    method: str
    path: str
    """As sent, still encoded: only a system knows what a slash in a name means."""
    parameters: dict[str, list[str]]
    headers: Message
    body: Body

    def first(self, name: str, otherwise: str = "") -> str:
        """Return a query parameter's first value."""
        return self.parameters.get(name, [otherwise])[0]

    def form(self) -> dict[str, list[str]]:
        """Return the fields of a form in the body."""
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return {}
        return parse_qs(self.body.whole().decode(errors="replace"), keep_blank_values=True)

    @property
    def names(self) -> list[str]:
        """The path's segments, each decoded once."""
        return [unquote(segment) for segment in self.path.strip("/").split("/")]


Answer = Callable[[Request], Reply]
Log = Callable[[str], None]


@dataclass(frozen=True)
class Service:
    """A system that listens."""

    server: ThreadingHTTPServer

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server.server_address[1])

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """Where it is found."""
        return f"http://{self.address}"

    def serve(self) -> None:
        """Begin to answer."""
        threading.Thread(
            target=self.server.serve_forever, args=(LOOK_UP_SECONDS,), daemon=True
        ).start()

    def stop(self) -> None:
        """Answer nobody any more."""
        ending = threading.Thread(target=self.server.shutdown)
        ending.start()
        # The server looks up only now and then, or when somebody knocks.
        with suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
            ending.join()
        ending.join()
        self.server.server_close()


def start(name: str, answer: Answer, log: Log) -> Service:
    """Listen on a free port of 127.0.0.1 and answer."""
    service = bind(name, answer, log)
    service.serve()
    return service


def bind(name: str, answer: Answer, log: Log) -> Service:
    """Take a free port of 127.0.0.1; clients wait until `serve`."""
    handler = type(f"{name}Handler", (_Handler,), {"answer": staticmethod(answer)})
    server = _Server((HOST, 0), handler)
    server.name, server.log = name, log
    return Service(server)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    name: str
    log: Log

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = CHUNK
    server: _Server
    answer: Answer

    def do_GET(self) -> None:
        """Answer any method."""
        body = Body(self.rfile, self.headers)
        parts = urlsplit(self.path)
        parameters = parse_qs(parts.query, keep_blank_values=True)
        request = Request(self.command, parts.path, parameters, self.headers, body)
        try:
            self._send(type(self).answer(request))
        except Refusal as refusal:
            self._send(refusal.reply)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
            return
        except Exception as fault:  # the door: a fault of ours is an answer, not a cut connection
            self.server.log(f"{self.server.name}: {self.command} {parts.path} failed: {fault!r}")
            self._send(Reply(500, f"{type(fault).__name__}\n".encode()))
        if body.read(1):
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815 - http.server's names

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        whole = isinstance(reply.body, bytes)
        if isinstance(reply.body, bytes) and "Content-Length" not in reply.headers:
            if reply.status not in (204, 304):
                self.send_header("Content-Length", str(len(reply.body)))
        elif not whole and "Content-Length" not in reply.headers:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(reply)
        self.wfile.flush()

    def _send_body(self, reply: Reply) -> None:
        if isinstance(reply.body, bytes):
            self.wfile.write(reply.body)
            return
        chunked = "Content-Length" not in reply.headers
        for piece in reply.body:
            if piece:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                self.wfile.flush()
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep requests out of the log: they carry logins, and clients poll."""
