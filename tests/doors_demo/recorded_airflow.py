"""An Airflow that answers from a script, for the client's side of the conversation."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from opsbot.integrations.airflow.client import AirflowApi

Answer = Callable[[httpx.Request], httpx.Response]


class RecordedAirflow(httpx.MockTransport):
    """Answers by method and path; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__(self._respond)
        self._answers = answers
        self.asked: list[httpx.Request] = []
        self.logins = 0

    def api(self) -> AirflowApi:
        """Return a client of this Airflow."""
        return AirflowApi("http://airflow", "admin", "secret", transport=self)

    def bodies(self, method: str) -> list[Any]:
        """Return the JSON bodies of all requests with a method, logins apart."""
        sent = [each for each in self.asked if each.url.path.startswith("/api/v2")]
        return [json.loads(each.content) for each in sent if each.method == method]

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/auth/token":
            self.logins += 1
            return httpx.Response(201, json={"access_token": f"token-{self.logins}"})
        key = f"{request.method} {request.url.path.removeprefix('/api/v2')}"
        answer = self._answers.get(key, httpx.Response(404, json={"detail": f"no {key}"}))
        if callable(answer):
            answer = answer(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def task(task_id: str, state: str | None, began: str | None = None, ended: str | None = None):
    """Make a task instance as Airflow shows it."""
    return {"task_id": task_id, "state": state, "start_date": began, "end_date": ended}


def run(state: str, run_id: str = "plan_1", **changes: Any) -> dict[str, Any]:
    """Make a run as Airflow shows it."""
    return {"dag_id": "d", "dag_run_id": run_id, "state": state, **changes}
