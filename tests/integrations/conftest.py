"""Small HTTP servers that behave like the recorded ones, and a clock that skips its waits."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator

import pytest
from loopback import Answer, Handler, Server

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="opsbot-airflow-"))


class SkippingClock:
    """A clock whose sleeps take no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Start servers; each call returns the address of one that answers as the callable does."""
    servers: list[Server] = []

    def start(answer: Answer) -> str:
        handler = type("Answering", (Handler,), {"answer": staticmethod(answer)})
        server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
