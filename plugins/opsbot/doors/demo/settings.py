"""The Airflow configuration that OPS Bot ships, as environment variables.

Airflow reads `AIRFLOW__SECTION__KEY` from the environment before any file, so the demo's Airflow
needs no file, and whatever the person's own shell says about another Airflow is left out.

`TUNED` is what makes a plan's run quick: a scheduler that looks every tenth of a second instead
of every second, a worker that notices a task's end at once, and a DAG processor that shows a new
plan without the default delays. `tuned=False` leaves all that at Airflow's defaults; everything
must stay correct then, only slower.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from opsbot.doors.demo.identity import Identity
from opsbot.vocabulary.model import Value

TUNED = {
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
    "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
}

PLAN_BUNDLE: dict[str, object] = {
    "name": "opsbot",
    "classpath": "opsbot.store.bundle.PlanBundle",
    "kwargs": {"refresh_interval": 1},
}

PATIENCE_SECONDS = 30
"""How long a process of Airflow waits while another one writes to SQLite; by itself five, and then
a busy Airflow answers 500."""

_FOREIGN_PREFIXES = ("AIRFLOW_", "AIRFLOW__", "_AIRFLOW", "KUBE", "DOCKER_", "SONAR_")
_FOREIGN = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


class Place(Value):
    """Where an Airflow lives: its project, its state and its port on loopback."""

    project: Path
    state: Path
    port: int

    @property
    def home(self) -> Path:
        """AIRFLOW_HOME."""
        return self.state / "airflow"

    @property
    def logs(self) -> Path:
        """Where the parts of the stack write."""
        return self.state / "logs"

    @property
    def url(self) -> str:
        """The address of the UI and the REST API."""
        return f"http://127.0.0.1:{self.port}"


def clean_environment(environment: Mapping[str, str], bytecode: Path) -> dict[str, str]:
    """Return the environment without other systems' addresses, proxies and Airflow settings.

    Where the shell wants no compiled modules beside the sources, they go to a folder of ours:
    without any, each of the Airflow processes, and each task, compiles a thousand modules again.
    """
    kept = {name: value for name, value in environment.items() if not _foreign(name)}
    kept["PATH"] = f"{Path(sys.executable).parent}:{kept.get('PATH', '')}"
    if kept.pop(NO_BYTECODE, ""):
        kept["PYTHONPYCACHEPREFIX"] = str(bytecode)
    return kept


def airflow_environment(
    place: Place, identity: Identity, *, tuned: bool = True, more_dags: Path | None = None
) -> dict[str, str]:
    """Return Airflow's whole configuration; `more_dags` is a folder of ordinary DAGs besides."""
    return (
        _core(place, identity, more_dags)
        | _addresses(place)
        | _secrets(identity)
        | (TUNED if tuned else {})
    )


def _core(place: Place, identity: Identity, more_dags: Path | None) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(place.home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(place.project / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(place.project / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # asks no name server
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": identity.airflow_users,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(place.state / "passwords.json"),
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_STORAGE_PATH": str(place.home / "bundles"),
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(_bundles(more_dags)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": _database(place.home),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(place.home / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    }


def _database(home: Path) -> str:
    return f"sqlite:///{home / 'airflow.db'}?timeout={PATIENCE_SECONDS}"


def _addresses(place: Place) -> dict[str, str]:
    return {
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(place.port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__BASE_URL": place.url,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{place.url}/execution/",
    }


def _secrets(identity: Identity) -> dict[str, str]:
    return {
        "AIRFLOW__CORE__FERNET_KEY": identity.fernet_key,
        "AIRFLOW__API__SECRET_KEY": identity.api_secret,
        "AIRFLOW__API_AUTH__JWT_SECRET": identity.jwt_secret,
    }


def _bundles(more_dags: Path | None) -> list[dict[str, object]]:
    if more_dags is None:
        return [PLAN_BUNDLE]
    local: dict[str, object] = {
        "name": "more",
        "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
        "kwargs": {"path": str(more_dags), "refresh_interval": 1},
    }
    return [PLAN_BUNDLE, local]


def _foreign(name: str) -> bool:
    return name.upper() in _FOREIGN or name.startswith(_FOREIGN_PREFIXES)
