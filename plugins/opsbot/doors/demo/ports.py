"""Ports of this machine: one for Airflow, and those that the application's users come in by."""

import socket
from contextlib import ExitStack

NODE_PORTS = range(30000, 32768)
"""What Kubernetes gives to services of type NodePort."""


def free() -> int:
    """Return a port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NodePorts:
    """The node ports that one stack has for itself.

    A service begins to listen long after its port was chosen, and another stack on this machine
    must not choose it meanwhile. TCP and UDP have ports of their own, so whoever has bound the
    number for UDP has the word for it, and loses it when its process ends, however that happens.
    """

    def __init__(self) -> None:
        self._held = ExitStack()

    def take(self, wanted: int) -> int:
        """Return the wanted node port, or the next one that is nobody else's, and keep it."""
        first = NODE_PORTS.index(wanted)
        in_turn: tuple[int, ...] = (*NODE_PORTS[first:], *NODE_PORTS[:first])
        return next(port for port in in_turn if _is_free(port) and self._keep(port))

    def release(self) -> None:
        """Let others have them."""
        self._held.close()

    def _keep(self, port: int) -> bool:
        word = socket.socket(type=socket.SOCK_DGRAM)
        try:
            word.bind(("127.0.0.1", port))
        except OSError:
            word.close()
            return False
        self._held.enter_context(word)
        return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
