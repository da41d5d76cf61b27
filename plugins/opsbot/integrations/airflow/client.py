"""Airflow's public REST API, as far as OPS Bot uses it from outside of a task.

The same calls a person's scripts would make: log in, trigger, look, answer an approval.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Self

import httpx
from pydantic import BaseModel, Field

from opsbot.integrations.airflow.replies import Approval, DagRun, DagVersion, Health, TaskInstance
from opsbot.vocabulary.errors import OpsBotError, TryAgain

PAGE = 100
SECONDS = 30.0
"""How long one answer may take; the first ones of a booting Airflow are slow."""


class AirflowSaysNo(OpsBotError):
    """Airflow answered a request with an error."""

    def __init__(self, request: str, status: int, detail: str) -> None:
        self.status = status
        super().__init__(f"Airflow answered {request} with {status}: {detail}")


class TriggerBody(BaseModel):
    """A request for a run; without a logical date, as each request stands for itself."""

    logical_date: None = None
    dag_run_id: str | None = None
    conf: dict[str, Any] = Field(default_factory=dict)


class AirflowApi:
    """One user's session with an Airflow."""

    def __init__(
        self, url: str, user: str, password: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url, self.user = url, user
        self._password = password
        self._http = httpx.Client(
            base_url=url, timeout=SECONDS, trust_env=False, transport=transport
        )
        self._token: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def health(self) -> Health:
        """Return the components' health; no login needed."""
        return Health.model_validate(self._send("GET", "/api/v2/monitor/health", {}).json())

    def warm_up(self) -> None:
        """Let Airflow build the routes that tasks use, which takes seconds at the first request."""
        self._send("GET", "/execution/health", {})

    def trigger(self, dag_id: str, conf: dict[str, Any], run_id: str | None = None) -> DagRun:
        """Start a run of a DAG."""
        body = TriggerBody(conf=conf, dag_run_id=run_id).model_dump(exclude={"dag_run_id"})
        named = body | ({"dag_run_id": run_id} if run_id else {})
        return DagRun.model_validate(self.call("POST", f"/dags/{dag_id}/dagRuns", json=named))

    def run(self, dag_id: str, run_id: str) -> DagRun:
        """Return a run as it stands."""
        return DagRun.model_validate(self.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}"))

    def runs(self, dag_id: str) -> tuple[DagRun, ...]:
        """Return the newest runs of a DAG, newest first."""
        query = {"order_by": "-run_after", "limit": PAGE}
        reply = self.call("GET", f"/dags/{dag_id}/dagRuns", params=query)
        return tuple(DagRun.model_validate(each) for each in reply["dag_runs"])

    def runs_of(self, dag_id_prefix: str, limit: int) -> tuple[DagRun, ...]:
        """Return the newest runs of all DAGs whose id begins so, newest first."""
        # Airflow's own prefix search drops the underscores at the end of a prefix.
        query = {"dag_id_pattern": dag_id_prefix, "order_by": "-run_after", "limit": limit}
        reply = self.call("GET", "/dags/~/dagRuns", params=query)
        runs = (DagRun.model_validate(each) for each in reply["dag_runs"])
        return tuple(each for each in runs if each.dag_id.startswith(dag_id_prefix))

    def states_of(self, task_id: str, run_ids: Sequence[str]) -> dict[str, str | None]:
        """Return the state of one task in each of these runs that has it, by run id."""
        body = {"task_ids": [task_id], "dag_run_ids": list(run_ids), "page_limit": PAGE}
        reply = self.call("POST", "/dags/~/dagRuns/~/taskInstances/list", json=body)
        return {each["dag_run_id"]: each["state"] for each in reply["task_instances"]}

    def task_instances(self, dag_id: str, run_id: str) -> tuple[TaskInstance, ...]:
        """Return the tasks of a run."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        reply = self.call("GET", path, params={"limit": PAGE})
        return tuple(TaskInstance.model_validate(each) for each in reply["task_instances"])

    def xcom(self, dag_id: str, run_id: str, task_id: str, key: str = "return_value") -> Any:
        """Return what a task has handed on under a key; None if it has not."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/{key}"
        try:
            value = self.call("GET", path)["value"]
        except AirflowSaysNo as error:
            if error.status == 404:
                return None
            raise
        return _native(value)

    def log(self, dag_id: str, run_id: str, task_id: str, try_number: int = 1) -> str:
        """Return a task's log as text, one event a line."""
        content = self._log(dag_id, run_id, task_id, try_number)
        return "\n".join(
            str(line.get("event", line)) if isinstance(line, dict) else str(line)
            for line in content
        )

    def problem(self, dag_id: str, run_id: str, task_id: str, try_number: int = 1) -> str:
        """Return the words of the error that ended a task; empty if its log has none."""
        details = [
            detail
            for line in self._log(dag_id, run_id, task_id, try_number)
            if isinstance(line, dict)
            for detail in line.get("error_detail") or ()
        ]
        return str(details[-1].get("exc_value", "")) if details else ""

    def approvals(self, dag_id: str = "~", run_id: str = "~") -> tuple[Approval, ...]:
        """Return the requests for a person's word that nobody has answered yet."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/hitlDetails"
        reply = self.call("GET", path, params={"response_received": False, "limit": PAGE})
        return tuple(Approval.model_validate(each) for each in reply["hitl_details"])

    def answered(self, dag_id_prefix: str) -> tuple[Approval, ...]:
        """Return the newest answers that persons gave to DAGs whose id begins so, newest first."""
        query = {
            "response_received": True,
            "dag_id_pattern": dag_id_prefix,
            "order_by": "-responded_at",
            "limit": PAGE,
        }
        reply = self.call("GET", "/dags/~/dagRuns/~/hitlDetails", params=query)
        return tuple(Approval.model_validate(each) for each in reply["hitl_details"])

    def answer(self, dag_id: str, run_id: str, task_id: str, option: str, reason: str = "") -> None:
        """Answer a request for approval with one of its options, and a reason if there is one."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"
        given = {"reason": reason} if reason else {}
        self.call("PATCH", path, json={"chosen_options": [option], "params_input": given})

    def dag_versions(self, dag_id: str) -> tuple[DagVersion, ...]:
        """Return the versions of a DAG, newest first."""
        query = {"order_by": "-version_number", "limit": PAGE}
        reply = self.call("GET", f"/dags/{dag_id}/dagVersions", params=query)
        return tuple(DagVersion.model_validate(each) for each in reply["dag_versions"])

    def has_dag(self, dag_id: str) -> bool:
        """Tell whether Airflow knows a DAG by now."""
        try:
            self.call("GET", f"/dags/{dag_id}")
        except AirflowSaysNo as error:
            if error.status == 404:
                return False
            raise
        return True

    def import_errors(self) -> tuple[str, ...]:
        """Return what went wrong when DAG files were read."""
        reply = self.call("GET", "/importErrors", params={"limit": PAGE})
        return tuple(f"{e['filename']}: {e['stack_trace']}" for e in reply["import_errors"])

    def call(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, json: Any = None
    ) -> Any:
        """Send one request under /api/v2 and return its JSON; a stale login is renewed once."""
        renewable = self._token is not None

        def send() -> httpx.Response:
            headers = {"Authorization": f"Bearer {self._login()}"}
            return self._send(method, f"/api/v2{path}", headers, params=params, json=json)

        response = _renewed(send, self._forget) if renewable else send()
        if response.is_error:
            raise AirflowSaysNo(f"{method} {path}", response.status_code, _detail(response))
        return response.json() if response.content else None

    def _log(self, dag_id: str, run_id: str, task_id: str, try_number: int) -> list[Any]:
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{try_number}"
        return list(self.call("GET", path, params={"full_content": True})["content"])

    def _login(self) -> str:
        if self._token is None:
            body = {"username": self.user, "password": self._password}
            response = self._send("POST", "/auth/token", {}, json=body)
            if response.is_error:
                what = f"the login of {self.user!r}"
                raise AirflowSaysNo(what, response.status_code, _detail(response))
            self._token = str(response.json()["access_token"])
        return self._token

    def _forget(self) -> None:
        self._token = None

    def _send(
        self, method: str, path: str, headers: dict[str, str], **request: Any
    ) -> httpx.Response:
        try:
            return self._http.request(method, path, headers=headers, **request)
        except httpx.TransportError as error:
            raise TryAgain(f"Airflow at {self.url} could not be reached: {error}") from error


def connect(connection_id: str) -> AirflowApi | None:
    """Return the API as the user of an Airflow connection; None if there is no such connection."""
    from airflow.sdk import BaseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = BaseHook.get_connection(connection_id)
    except AirflowNotFoundException:
        return None
    port = f":{found.port}" if found.port else ""
    url = found.host if "://" in (found.host or "") else f"http://{found.host}{port}"
    return AirflowApi(str(url), str(found.login), str(found.password))


def _renewed(send: Callable[[], httpx.Response], forget: Callable[[], None]) -> httpx.Response:
    response = send()
    if response.status_code != 401:
        return response
    forget()
    return send()


def _detail(response: httpx.Response) -> str:
    """Return the words of an error reply; its `detail` where it is Airflow's JSON."""
    try:
        detail = response.json().get("detail", response.text)
    except (ValueError, AttributeError):
        detail = response.text
    return str(detail)[:500]


def _native(value: Any) -> Any:
    """Return an XCom's value; Airflow hands out objects as JSON text in some versions."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
