"""A road to a server on which the answers to triggers get lost.

What else passes, passes unchanged. For each trigger the next fault is taken: `lost` and `502 after`
let the request through and lose the answer, `dropped` and `502 before` lose the request.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import requests

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "content-encoding", "keep-alive"}


class Road:
    """Listens, and forwards to a server."""

    def __init__(self, target: str, *faults: str) -> None:
        self.target, self.faults = target, list(faults)
        self.triggers = 0
        """How many were sent on this road, lost ones too."""
        handler = type("OnRoad", (_Handler,), {"road": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    road: Road

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self._fault()
        if fault == "dropped":
            self.close_connection = True
            return
        if fault == "502 before":
            self._send(502, {"Content-Type": "text/html"}, b"<title>Bad Gateway</title>")
            return
        kept = {k: v for k, v in self.headers.items() if k.lower() not in {*HOP_BY_HOP, "host"}}
        answer = requests.request(
            self.command,
            f"{self.road.target}{self.path}",
            data=body,
            headers=kept,
            allow_redirects=False,
            timeout=60,
        )
        if fault == "lost":
            self.close_connection = True
        elif fault == "502 after":
            self._send(502, {"Content-Type": "text/html"}, b"<title>Bad Gateway</title>")
        else:
            self._send(answer.status_code, dict(answer.headers), answer.content)

    def _fault(self) -> str:
        path = self.path.partition("?")[0]
        if self.command != "POST" or not path.endswith(("/build", "/buildWithParameters")):
            return ""
        self.road.triggers += 1
        return self.road.faults.pop(0) if self.road.faults else ""

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _pass

    def log_message(self, *_: object) -> None:
        return
