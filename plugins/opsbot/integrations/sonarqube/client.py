"""The road to a SonarQube server: its Web API, and what its refusals mean.

A refused token gets an empty 401. Errors are `{"errors": [{"msg": ...}]}`. A misspelt parameter
is ignored, and a search for an unknown project is an empty success: so what an answer is about is
checked by whoever asks.
"""

from typing import Any

import requests
from requests.auth import AuthBase

from opsbot.integrations import web
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.redaction import redact

ANALYSIS_PATIENCE = Patience(total=1800, first=0.3, longest=5.0)
"""One worker of the server does all projects' analyses in turn."""


class NotAllowed(StepFailed):
    """The token's user lacks a right; another user may have it."""


class NotFound(StepFailed):
    """What was asked for is not there, or not for this token."""


class BadRequest(StepFailed):
    """The server cannot take what it was given: a key or name that is taken or malformed."""


class Bearer(AuthBase):
    """Sends a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


BROWSE = (
    "the token's user lacks Browse on the project, or it is an analysis token. "
    "The connection needs a user token (squ_...)."
)
MOST_ERRORS = 5
"""Messages of one answer that are told."""
BY_STATUS = {400: BadRequest, 404: NotFound}


class SonarClient:
    """One SonarQube as one user."""

    def __init__(self, server: web.Server, patience: Patience = ANALYSIS_PATIENCE) -> None:
        self._server, self.patience = server, patience

    @property
    def clock(self) -> Clock:
        """The clock that waits are measured by."""
        return self._server.clock

    def get(self, call: str, **parameters: str) -> dict[str, Any]:
        """Return the answer of a call of the Web API."""
        response = self._server.get(f"api/{call}", parameters)
        if response.status_code != 200:
            raise _refusal(response, call, BROWSE)
        found = web.json_of(response, "SonarQube")
        if not isinstance(found, dict):
            raise StepFailed(f"SonarQube answered {call} with JSON that is no object.")
        return found

    def post(self, call: str, *, needs: str, **form: str) -> None:
        """Change something, once; `needs` is the right that it takes, for who lacks it.

        What it came to must be looked up: an answer tells little, and none may come (`TryAgain`).
        """
        response = self._server.send("POST", f"api/{call}", form=form)
        if response.status_code not in (200, 204):
            raise _refusal(response, call, f"the token's user lacks the right to it: {needs}.")
        response.close()


def _refusal(response: requests.Response, call: str, lacks: str) -> StepFailed:
    status = response.status_code
    match status:
        case 401:
            response.close()
            return StepFailed(
                "SonarQube does not know the connection's token (wrong, expired or revoked): "
                "put a user token into its password."
            )
        case 403:
            response.close()
            return NotAllowed(f"SonarQube does not allow {call}: {lacks}")
        case _:
            words = f"SonarQube answered {status} to {call}: {_message(response)}"
            return BY_STATUS.get(status, StepFailed)(words)


def _message(response: requests.Response) -> str:
    if "json" not in response.headers.get("Content-Type", ""):
        response.close()
        return "no reason given; is the connection's host a SonarQube?"
    found = web.json_of(response, "SonarQube")
    errors = found.get("errors") if isinstance(found, dict) else None
    told = (errors or [])[:MOST_ERRORS]
    words = "; ".join(str(each.get("msg", ""))[:300] for each in told)
    return redact(words) or "no reason given"


def of(url: str, token: str) -> SonarClient:
    """Build the client of a server by its address and a user token."""
    return SonarClient(web.Server("SonarQube", url, auth=Bearer(token)))


def connect(connection_id: str) -> SonarClient:
    """Build the client from an Airflow connection of type `sonarqube`."""
    from opsbot.integrations.sonarqube.hook import SonarQubeHook

    return SonarQubeHook(connection_id).get_conn()
