"""The HTTP side: bearer token, bodies, whole answers and chunked streams.

A watch is a chunked response of one JSON document a line. Each connection has its thread, so a
stream is a loop that writes; it ends when the client is gone or the server stops.
"""

import hmac
import json
import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

from opsbot.sandbox.kubernetes import problems, requests, routing
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.problems import Json, Problem
from opsbot.sandbox.kubernetes.requests import Answer, Events, Request, Text

_LARGEST_BODY = 3 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """The API server's socket."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, cluster: Cluster, address: tuple[str, int]) -> None:
        self.cluster = cluster
        self.stopping = threading.Event()
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about clients that hang up; threads report everything else themselves."""


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    server: Server
    # Headers and body are written apart; without this each answer waits for the client's ACK.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Serve any method; the verb is read from the request line."""
        try:
            found = requests.answer(self.server.cluster, self._request())
        except Problem as problem:
            found = Answer(problem.code, problem.status())
        except Exception as fault:  # the door: a fault of ours is an answer, not a cut connection
            self.server.cluster.log(f"kubernetes: {self.requestline!r} failed: {fault!r}")
            found = Answer(500, Problem(500, "InternalError", f"{fault!r}").status())
        match found:
            case Answer(code, body):
                self._send(code, json.dumps(body).encode(), "application/json")
            case Events(events):
                self._stream(_lines(events), "application/json")
            case Text(chunks, follow=True):
                self._stream(chunks, "text/plain")
            case Text(chunks):
                self._send(200, b"".join(chunks), "text/plain")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server's names

    def _request(self) -> Request:
        raw = self._body()
        expected = f"Bearer {self.server.cluster.token}"
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise problems.unauthorized()
        path, query = routing.split(self.path)
        kind = self.headers.get_content_type()
        agent = self.headers.get("User-Agent", "")
        return Request(self.command, path, query, _parsed(raw, kind), kind, agent)

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_BODY:
            self.close_connection = True
            raise Problem(413, "RequestEntityTooLarge", f"limit is {_LARGEST_BODY}")
        return self.rfile.read(length)

    def _send(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, chunks: Iterator[bytes], kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for chunk in chunks:
            if self.server.stopping.is_set() or self._is_gone():
                self.close_connection = True
                return
            if chunk:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")

    def _is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep requests out of the log: bodies hold Secrets, and pods poll."""


def _lines(events: Iterator[Json]) -> Iterator[bytes]:
    for event in events:
        yield json.dumps(event).encode() + b"\n" if event else b""


def _parsed(raw: bytes, kind: str) -> Any:
    if not raw.strip():
        return None
    try:
        return yaml.safe_load(raw) if "yaml" in kind else json.loads(raw)
    except (ValueError, yaml.YAMLError) as fault:
        raise problems.bad_request(f"error decoding the body: {fault}") from None
