"""The road to a Jenkins server: login, JSON answers, the crumb, and what its refusals mean.

Jenkins answers errors in HTML even below `api/json`, says 404 both for what is not there and for
what the user may not see, and writes URLs with the host it believes it has. So the status is read
before the body, and of an answer's URLs only numbers and paths are used. An API token needs no
crumb; a password does, and since the crumb is checked before anything else, a POST refused for
its crumb did nothing and is safe to send again.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from opsbot.integrations import web
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact

NO_CRUMB = "No valid crumb"
STARTING = re.compile(r"(Starting|Restarting) Jenkins|Jenkins is (getting ready|restarting)")


class Limits(Value):
    """How long each part of a build may take, in seconds."""

    queue: Patience = Patience(total=3600, longest=5.0)
    build: Patience = Patience(total=4 * 3600, longest=8.0)
    stop: Patience = Patience(total=30, longest=2.0)
    second_look: float = 3.0
    """Pause before looking for a build whose trigger got no clear answer."""


class JenkinsClient:
    """One Jenkins as one user."""

    def __init__(self, server: web.Server, *, user: str, limits: Limits | None = None) -> None:
        self.server, self.user = server, user
        self.limits = limits or Limits()
        self._crumb: dict[str, str] = {}

    @property
    def clock(self) -> Clock:
        """The clock that waits are measured by."""
        return self.server.clock

    def ask(
        self, path: str, tree: str | None = None, params: dict[str, str] | None = None
    ) -> requests.Response | None:
        """Return the good answer of a path's API, or None where Jenkins says 404."""
        query = dict(params or {}) | ({"tree": tree} if tree else {})
        return self._good(f"{path}api/json", query)

    def find(
        self, path: str, tree: str | None = None, params: dict[str, str] | None = None
    ) -> dict[str, Any] | None:
        """Return the JSON object of a path, or None where Jenkins says 404."""
        response = self.ask(path, tree, params)
        return None if response is None else self.object_of(response)

    def find_at(self, path: str) -> Any:
        """Return the JSON of a path that has no `api/json`, or None where Jenkins says 404."""
        response = self._good(path, {})
        return None if response is None else web.json_of(response, "Jenkins")

    def _good(self, path: str, query: dict[str, str]) -> requests.Response | None:
        response = self.server.get(path, query)
        if response.status_code == 404:
            response.close()
            return None
        if response.status_code != 200:
            raise refusal(response, path)
        return response

    def object_of(self, response: requests.Response) -> dict[str, Any]:
        """Read an answer as a JSON object."""
        found = web.json_of(response, "Jenkins")
        if not isinstance(found, dict):
            raise StepFailed("Jenkins answered JSON that is no object; is this a Jenkins?")
        return found

    def post(self, path: str, form: dict[str, str] | None = None) -> requests.Response:
        """Send one POST; once more with a crumb if Jenkins refused it for lack of one."""
        response = self.server.send("POST", path, form=form or {}, headers=self._crumb)
        if response.status_code != 403 or "X-Required-Permission" in response.headers:
            return response
        problem = refusal(response, path)
        if NO_CRUMB not in str(problem):
            raise problem
        issued = self.find("crumbIssuer/")
        if not issued:
            raise StepFailed(f"Jenkins wants a crumb for {path} but issues none.")
        self._crumb = {str(issued["crumbRequestField"]): str(issued["crumb"])}
        return self.server.send("POST", path, form=form or {}, headers=self._crumb)


def refusal(response: requests.Response, path: str) -> StepFailed | TryAgain:
    """Turn an answer that is no success into the error that says what to do."""
    status, place = response.status_code, f"Jenkins answered {response.status_code} for {path}"
    needed = response.headers.get("X-Required-Permission")
    location = response.headers.get("Location", "")
    reason = title_of(response)
    match status:
        case 401:
            return StepFailed(f"{place}: wrong user or API token in the connection.")
        case 403:
            lacks = f"the user lacks {needed}" if needed else f"not allowed ({reason})"
            return StepFailed(f"{place}: {lacks}. Grant the right to the connection's user.")
        case 404:
            return StepFailed(f"{place}: it is missing, or the connection's user may not see it.")
        case 429 | 502 | 503 | 504:
            return TryAgain(f"{place}: it is busy or restarting ({reason}).")
        case _ if 300 <= status < 400:
            target = urlsplit(location)
            return StepFailed(
                f"{place}: it redirects to {target.scheme}://{target.netloc}{target.path}. "
                "Correct host, port, path or use_https of the connection."
            )
        case _:
            return StepFailed(f"{place}: {reason}.")


def title_of(response: requests.Response) -> str:
    """Return the one line of an HTML error page that says what is wrong."""
    page = web.text(response)
    found = re.search(r"<title>(.*?)</title>|<pre>\s*(.*?)</pre>", page, re.DOTALL)
    words = next((each for each in found.groups() if each), "") if found else page
    plain = " ".join(re.sub(r"<[^>]+>", " ", words).split())[:200]
    return redact(plain) or "no reason given"


def connect(connection_id: str) -> JenkinsClient:
    """Build the client from an Airflow connection of type `jenkins`.

    The connection is the Jenkins provider's: host without scheme, port, `use_https` in the extra,
    and the context path in `schema`. Without a port the scheme's own is used.
    """
    from airflow.sdk import BaseHook

    connection = BaseHook.get_connection(connection_id)
    if not connection.host or not connection.login or not connection.password:
        raise Refused(
            f"The connection {connection_id!r} needs host, login and password (an API token)."
        )
    scheme = "https" if connection.extra_dejson.get("use_https") else "http"
    host = connection.host if "://" in connection.host else f"{scheme}://{connection.host}"
    port = f":{connection.port}" if connection.port else ""
    path = quote(connection.schema.strip("/")) if connection.schema else ""
    address = f"{host.rstrip('/')}{port}/{path}".rstrip("/")
    server = web.Server(
        "Jenkins",
        address,
        auth=(connection.login, connection.password),
        patience=Patience(total=120, first=0.5, growth=2.0, longest=10),
    )
    return JenkinsClient(server, user=connection.login)
