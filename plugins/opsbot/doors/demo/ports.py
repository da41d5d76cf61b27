"""Ports of this machine: one for Airflow, and those that the application's users come in by."""

import socket

NODE_PORTS = range(30000, 32768)
"""What Kubernetes gives to services of type NodePort."""


def free() -> int:
    """Return a port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_node_port(wanted: int) -> int:
    """Return the wanted node port, or the next one that nobody else's service holds."""
    first = NODE_PORTS.index(wanted)
    in_turn: tuple[int, ...] = (*NODE_PORTS[first:], *NODE_PORTS[:first])
    return next(port for port in in_turn if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
