"""Image references, as a kubelet reads them."""

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
)
_REFERENCE = re.compile(
    r"(?:(?P<host>[A-Za-z0-9.-]+:\d+|localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)/)?"
    r"(?P<name>[^:@]+)(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


class InvalidName(Exception):
    """A reference that no registry could know."""


@dataclass(frozen=True)
class Reference:
    """Where an image is and which one it is."""

    text: str
    host: str
    name: str
    version: str

    @property
    def repository(self) -> str:
        """Host and name without the version."""
        return f"{self.host}/{self.name}"


def parse(text: str) -> Reference:
    """Read a reference; a missing host means Docker Hub, a missing tag means latest."""
    parts = _REFERENCE.fullmatch(text)
    if not parts:
        raise InvalidName(_invalid(text, "invalid reference format"))
    if parts["name"] != parts["name"].lower():
        reason = f"repository name ({parts['name']}) must be lowercase"
        raise InvalidName(_invalid(text, f"invalid reference format: {reason}"))
    if not _NAME.fullmatch(parts["name"]):
        raise InvalidName(_invalid(text, "invalid reference format"))
    version = parts["digest"] or parts["tag"] or "latest"
    return Reference(text, parts["host"] or "docker.io", parts["name"], version)


def _invalid(text: str, reason: str) -> str:
    return (
        f'Failed to apply default image tag "{text}": couldn\'t parse image name "{text}": {reason}'
    )
