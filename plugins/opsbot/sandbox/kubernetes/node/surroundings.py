"""What a container knows of its pod and node."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.images.cache import Cache
from opsbot.sandbox.kubernetes.node.addresses import Addresses
from opsbot.sandbox.kubernetes.node.reaper import Reaper


class Say(Protocol):
    """How to record an event about the pod."""

    def __call__(
        self, reason: str, message: str, *, warning: bool = False, field_path: str = ""
    ) -> None:
        """Record it."""


@dataclass(frozen=True)
class Node:
    """What all pods share."""

    images: Cache
    reaper: Reaper
    addresses: Addresses


@dataclass(frozen=True)
class Surroundings:
    """One pod, as its containers see it."""

    cluster: Cluster
    node: Node
    place: Path
    address: str
    name: str
    full_name: str
    restart_policy: str
    grace: float
    say: Say
    publish: Callable[[], None]
    variables: Callable[[dict[str, object]], dict[str, str]]

    @property
    def volumes(self) -> Path:
        """Where the pod's volumes are."""
        return self.place / "volumes"
