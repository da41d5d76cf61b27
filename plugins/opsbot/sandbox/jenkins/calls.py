"""One call of the Remote API: who asks what of which server, and the form of its answer."""

from dataclasses import dataclass
from typing import Any

from opsbot.sandbox.jenkins import pages, tree
from opsbot.sandbox.jenkins.logins import User
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.loopback import Refusal, Reply, Request, as_json


@dataclass(frozen=True)
class Call:
    """A request whose sender is known."""

    server: Server
    user: User
    request: Request

    @property
    def base(self) -> str:
        """The server's own address, as this client spells it."""
        return f"http://{self.request.headers.get('Host', '')}/"

    @property
    def is_deep(self) -> bool:
        """Whether the client wants to see into what lies below."""
        return bool(self.request.first("tree"))

    def missing(self) -> Refusal:
        """Say that there is no such thing, or none that the user may see."""
        return pages.not_found(self.request.path)

    def require(self, permission: str | None = None) -> None:
        """Refuse a change by a GET, or by somebody who lacks the permission."""
        pages.require_post(self.request)
        if permission in self.user.lacks:
            raise pages.forbidden(self.request.path, self.user.name, str(permission))

    def answer(self, found: Any) -> Reply:
        """Answer with JSON, cut to the `tree` that was asked for."""
        if not self.is_deep:
            return as_json(found)
        try:
            return as_json(tree.cut(found, tree.parse(self.request.first("tree"))))
        except tree.Malformed:
            raise pages.error(500, "Malformed tree expression", self.request.path) from None
