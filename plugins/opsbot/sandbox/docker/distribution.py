"""A registry as the Engine talks to it, for one repository; only one on this machine is dialled.

Its refusals are told in the words that an Engine has for them.
"""

import base64
import binascii
import http.client
import ipaddress
import json
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

from opsbot.sandbox.docker.problems import BuildFailed, NotInRegistry

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
ACCEPT = ", ".join((MANIFEST, OCI_MANIFEST, *INDEXES))


@dataclass(frozen=True)
class Answer:
    """What the registry answered."""

    status: int
    headers: Message
    content: bytes


class Registry:
    """One repository of a registry, as one user."""

    def __init__(self, host: str, name: str, login: str = "") -> None:
        if not _is_here(host):
            raise BuildFailed(f"the sandbox's Docker Engine dials 127.0.0.1 alone, not {host}")
        self.host, self.name, self._login = host, name, login
        self._address = f"http://{host}/v2/"

    def greet(self) -> None:
        """Fail unless the registry answers and wants no other login."""
        answer = self.dial("GET", "/v2/")
        if answer.status == 401 and not self._login:
            raise BuildFailed("no basic auth credentials")
        self.require(answer, self._address)

    def ask(self, method: str, place: str, content: bytes = b"", kind: str = "") -> Answer:
        """Ask about something of the repository."""
        return self.dial(method, f"/v2/{self.name}{place}", content, kind)

    def dial(self, method: str, target: str, content: bytes = b"", kind: str = "") -> Answer:
        """Send one request."""
        headers = {"Accept": ACCEPT}
        headers |= {"Content-Type": kind} if kind else {}
        headers |= {"Authorization": self._login} if self._login else {}
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, target, content or None, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except OSError as fault:
            raise BuildFailed(f'Get "{self._address}": dial tcp {self.host}: {fault}') from None
        finally:
            connection.close()

    def require(self, answer: Answer, what: str) -> Answer:
        """Return an answer that is a success."""
        match answer.status:
            case 200 | 201 | 202:
                return answer
            case 401:
                raise BuildFailed("unauthorized: authentication required")
            case 403:
                raise BuildFailed("denied: requested access to the resource is denied")
            case 404:
                raise NotInRegistry(f"{what} not found: manifest unknown: manifest unknown")
            case status:
                words = http.client.responses.get(status, "")
                raise BuildFailed(f"received unexpected HTTP status: {status} {words}")


def login_in(header: str) -> str:
    """Return the `Authorization` that a client's `X-Registry-Auth` means."""
    try:
        found = json.loads(base64.urlsafe_b64decode(header))
        return basic(str(found.get("username") or ""), str(found.get("password") or ""))
    except (ValueError, binascii.Error, AttributeError):
        return ""


def basic(user: str, password: str) -> str:
    """Return the `Authorization` of a user."""
    if not user:
        return ""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def path_of(location: str) -> str:
    """Return path and query of a place the registry names, ready for one more parameter."""
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}&" if parts.query else f"{parts.path}?"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.rpartition(":")[0]).is_loopback
    except ValueError:
        return host.rpartition(":")[0] == "localhost"
