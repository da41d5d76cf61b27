"""The shipped configuration, and what of a person's shell reaches the demo's Airflow."""

import json
from pathlib import Path

from opsbot.doors.demo import identity, settings
from opsbot.doors.demo.settings import Place

ROLES = {"admin": "admin", "viewer": "viewer"}


def airflow(tmp_path: Path, **changes: object) -> dict[str, str]:
    place = Place(project=Path("/project"), state=tmp_path, port=8765)
    return settings.airflow_environment(place, identity.of_state(tmp_path, ROLES), **changes)


def test_everything_listens_on_loopback(tmp_path):
    environment = airflow(tmp_path)

    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8765"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].startswith("http://127.0.0.1:")


def test_the_plan_bundle_is_the_only_bundle_unless_more_is_asked_for(tmp_path):
    key = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"

    alone = json.loads(airflow(tmp_path)[key])
    two = json.loads(airflow(tmp_path, more_dags=Path("/more"))[key])

    assert [each["classpath"] for each in alone] == ["opsbot.store.bundle.PlanBundle"]
    assert [each["name"] for each in two] == ["opsbot", "more"]


def test_an_untuned_airflow_keeps_the_defaults(tmp_path):
    tuned, default = airflow(tmp_path), airflow(tmp_path, tuned=False)

    assert set(tuned) - set(default) == set(settings.TUNED)


def test_the_persons_own_systems_stay_out_of_reach(tmp_path):
    shell = {
        "HOME": "/home/ops",
        "AIRFLOW_HOME": "/srv/airflow",
        "AIRFLOW_CONN_OPSBOT_KUBERNETES": "{}",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "KUBECONFIG": "/home/ops/.kube/config",
        "DOCKER_HOST": "tcp://10.0.0.1:2375",
        "https_proxy": "http://proxy:3128",
    }

    clean = settings.clean_environment(shell, tmp_path)

    assert set(clean) == {"HOME", "PATH"}


def test_bytecode_is_kept_apart_where_the_shell_forbids_it_beside_the_sources(tmp_path):
    forbidding = settings.clean_environment({"PYTHONDONTWRITEBYTECODE": "1"}, tmp_path)
    silent = settings.clean_environment({}, tmp_path)

    assert forbidding["PYTHONPYCACHEPREFIX"] == str(tmp_path)
    assert "PYTHONDONTWRITEBYTECODE" not in forbidding
    assert "PYTHONPYCACHEPREFIX" not in silent


def test_keys_and_passwords_are_made_once_for_a_state_folder(tmp_path):
    first, again = identity.of_state(tmp_path, ROLES), identity.of_state(tmp_path, ROLES)
    elsewhere = identity.of_state(tmp_path / "other", ROLES)

    assert first == again
    assert first.jwt_secret != elsewhere.jwt_secret
    assert first.passwords["admin"] != elsewhere.passwords["admin"]
    assert first.airflow_users == "admin:admin,viewer:viewer"


def test_other_users_get_an_identity_of_their_own(tmp_path):
    identity.of_state(tmp_path, {"admin": "admin"})

    changed = identity.of_state(tmp_path, ROLES)

    assert set(json.loads((tmp_path / "passwords.json").read_text())) == set(ROLES)
    assert changed.roles == ROLES


def test_only_the_owner_may_read_the_secrets(tmp_path):
    identity.of_state(tmp_path, ROLES)

    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}

    assert modes == {"identity.json": 0o600, "passwords.json": 0o600}
