"""Which addresses this process connects to, as the operating system is asked for them."""

import sys
from collections.abc import Iterator

import pytest

_listeners: list[list[tuple[str, int]]] = []


def _hear(event: str, arguments: tuple) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        address = arguments[1][:2]
        for each in _listeners:
            if not _is_a_sandbox_pod(str(address[0])):
                each.append(address)


def _is_a_sandbox_pod(host: str) -> bool:
    """Tell the pods of a sandbox that other tests run in this process, and that it probes."""
    return host.startswith("127.") and host != "127.0.0.1"


sys.addaudithook(_hear)


@pytest.fixture
def connected() -> Iterator[list[tuple[str, int]]]:
    """Return the addresses that were connected to since the test began, server threads included."""
    heard: list[tuple[str, int]] = []
    _listeners.append(heard)
    yield heard
    _listeners.remove(heard)
