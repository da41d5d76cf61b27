"""Real MCP servers for tests, over HTTP on loopback: the SDK's, with tools of a test's choice."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from mcp.server import MCPServer


def a_server(name: str) -> MCPServer:
    """Make a server that writes nothing into this process's log."""
    return MCPServer(name, log_level="CRITICAL")


@contextmanager
def serving(server: MCPServer, *, token: str = "") -> Iterator[str]:
    """Serve over Streamable HTTP while the block runs; return the URL."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = server.streamable_http_app(stateless_http=True, json_response=True)
    served = uvicorn.Server(uvicorn.Config(_guarded(app, token), log_level="critical"))
    thread = threading.Thread(target=served.run, args=([listening],), daemon=True)
    thread.start()
    while not served.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    finally:
        served.should_exit = True
        thread.join(5)
        listening.close()


def _guarded(app, token):
    """Let nobody in without the token, where there is one."""

    async def guard(scope, receive, send):
        sent = dict(scope.get("headers") or []).get(b"authorization", b"").decode()
        if scope["type"] == "http" and token and sent != f"Bearer {token}":
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return guard
