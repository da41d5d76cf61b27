"""How a person goes on by hand while the demo's Airflow stays up: lines to copy into a shell."""

import json
import shlex
from collections.abc import Iterator

from opsbot.doors.demo.connections import Systems
from opsbot.doors.demo.stack import FRONT_DOOR, AirflowAddress

EXAMPLE = "What is the status of my-application in production?"
CHANGE = "Restart my-application in production"
_JSON = "-H 'Content-Type: application/json'"
_LOGIN = """-H "Authorization: Bearer $TOKEN\""""


def addresses(systems: Systems | None) -> Iterator[str]:
    """Say where the systems are."""
    if systems is None:
        return
    yield "The systems:"
    yield f"  Jenkins     {systems.jenkins.url}"
    yield f"  SonarQube   {systems.sonarqube.url}"
    yield f"  Docker      {systems.docker.host}"
    yield f"  Registry    {systems.registry}"
    yield f"  Kubernetes  export KUBECONFIG={shlex.quote(systems.kubernetes.outsider)}"
    yield f"  Slack       {systems.slack.messages}"
    yield ""


def commands(airflow: AirflowAddress) -> Iterator[str]:
    """Return shell lines that log in, ask, see what waits for approval, and approve it."""
    login = json.dumps({"username": airflow.user, "password": airflow.password})
    api = f"{airflow.url}/api/v2"
    runs = f"{api}/dags/{FRONT_DOOR}/dagRuns"
    waiting = f"{api}/dags/~/dagRuns/~/hitlDetails?response_received=false"
    answer = json.dumps({"chosen_options": ["Approve"], "params_input": {}})
    yield "To go on by hand, log in, give a command, and approve what waits for it:"
    yield (
        f"  TOKEN=$(curl -s -X POST {airflow.url}/auth/token {_JSON} -d {shlex.quote(login)} | "
        f"{_picked(_LOGGED_IN)})"
    )
    yield f"  curl -s -X POST {runs} {_LOGIN} {_JSON} -d {_conf(CHANGE)}"
    yield f"  WAITING=$(curl -s '{waiting}' {_LOGIN} | {_picked(_PLACE)})"
    yield f"  curl -s -X PATCH {api}/$WAITING/hitlDetails {_LOGIN} {_JSON} -d {shlex.quote(answer)}"
    yield f"A command that asks nobody: -d {_conf(EXAMPLE)}"
    yield (
        f"What was done: OPSBOT_AIRFLOW_URL={airflow.url} OPSBOT_AIRFLOW_USER={airflow.user} "
        f"OPSBOT_AIRFLOW_PASSWORD={airflow.password} opsbot history"
    )
    yield ""


_LOGGED_IN = 'print(found["access_token"])'
_PLACE = (
    'ti = found["hitl_details"][0]["task_instance"]; '
    'print("dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/-1".format(**ti))'
)


def _picked(words: str) -> str:
    """Return a command that reads JSON and prints a part of it."""
    return f"python3 -c {shlex.quote('import json, sys; found = json.load(sys.stdin); ' + words)}"


def _conf(command: str) -> str:
    return shlex.quote(json.dumps({"logical_date": None, "conf": {"command": command}}))
