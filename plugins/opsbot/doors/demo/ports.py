"""Ports of this machine: one for Airflow, and those that the application's users come in by."""

import socket

from opsbot.vocabulary.errors import Refused


def free() -> int:
    """Return a port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse_busy(ports: tuple[int, ...]) -> None:
    """Refuse to start where users would meet somebody else's service."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise Refused(
                    f"Port {port} of this machine is taken ({error.strerror}), and the "
                    "application's users come in by it. Stop what holds it, perhaps another demo."
                ) from None
