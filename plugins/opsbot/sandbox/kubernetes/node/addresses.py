"""A loopback address for each pod, so that all may listen on the same port.

On Linux the whole of 127.0.0.0/8 is the machine itself. Each cluster takes a random 127.x.y.*, so
that two sandboxes on one machine do not meet. Where only 127.0.0.1 exists, all pods share it.
"""

import random
import socket
import threading


class Addresses:
    """The pod network."""

    def __init__(self, chance: random.Random) -> None:
        self._lock = threading.Lock()
        self._prefix = f"127.{chance.randrange(16, 250)}.{chance.randrange(256)}"
        self._free = [f"{self._prefix}.{last}" for last in range(254, 0, -1)]
        self.is_wide = _can_bind(self._free[-1])

    def take(self) -> str:
        """Give an address to a pod."""
        if not self.is_wide:
            return "127.0.0.1"
        with self._lock:
            return self._free.pop()

    def give_back(self, address: str) -> None:
        """Free a pod's address; it is given again as late as possible."""
        if address.startswith(self._prefix):
            with self._lock:
                self._free.insert(0, address)


def _can_bind(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
