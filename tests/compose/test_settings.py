"""The stack, the demo and the README configure Airflow alike, and Airflow knows each setting."""

import configparser
import json
import re
from pathlib import Path

import pytest

from opsbot.doors.demo import identity, settings
from opsbot.doors.demo.settings import Place
from opsbot.vocabulary.organisation import Connections
from tests.compose.conftest import ROOT

BUNDLES = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"
CELERY = {"broker_url", "result_backend"}
"""Settings of the Celery provider, which the tests' Airflow has not."""
ONLY_IN_THE_DEMO = {
    "AIRFLOW__CORE__EXECUTOR": "one machine needs no broker",
    "AIRFLOW__CORE__PARALLELISM": "a laptop has few cores",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "a team has real accounts",
    "AIRFLOW__API__HOST": "a container is reached from outside of it",
    "AIRFLOW__API__WORKERS": "one person asks",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "the demo writes files",
}


def demo(state: Path, project: str, port: int) -> dict[str, str]:
    place = Place(project=Path(project), state=state, port=port)
    return settings.airflow_environment(place, identity.of_state(state, identity.ADMIN_ONLY))


def shipped(tmp_path: Path) -> dict[str, str]:
    """Return the demo's settings that do not depend on where it runs and who runs it."""
    one = demo(tmp_path / "one", "/one", 1001)
    other = demo(tmp_path / "other", "/other", 1002)
    return {name: value for name, value in one.items() if other[name] == value}


def described() -> dict[str, set[str]]:
    """Return the settings that Airflow and the installed providers describe, by section."""
    from airflow.configuration import retrieve_configuration_description

    found = retrieve_configuration_description(include_airflow=True, include_providers=True)
    return {section: set(each["options"]) for section, each in found.items()} | {"celery": CELERY}


def unknown(environment: dict[str, str]) -> list[str]:
    known = described()
    named = (name.split("__", 2)[1:] for name in environment if name.startswith("AIRFLOW__"))
    return [f"{s}.{k}" for s, k in named if k.lower() not in known.get(s.lower(), set())]


def test_airflow_knows_every_setting_of_the_stack(airflow):
    assert unknown(airflow) == []


def test_airflow_knows_every_setting_of_the_demo(tmp_path):
    assert unknown(demo(tmp_path, "/project", 1001)) == []


def test_the_stack_has_what_the_demo_ships(airflow, tmp_path):
    wanted = {k: v for k, v in shipped(tmp_path).items() if k not in ONLY_IN_THE_DEMO}

    assert wanted.keys() >= settings.TUNED.keys() | {BUNDLES}
    assert {name: airflow.get(name) for name in wanted} == wanted


def test_the_stack_has_the_keys_that_the_demo_makes(airflow, tmp_path):
    keys = [
        name for name in demo(tmp_path, "/project", 1001) if "SECRET" in name or "FERNET" in name
    ]

    assert len(keys) == 3
    assert set(keys) <= set(airflow)


def test_the_plan_bundle_is_the_stacks_only_bundle(airflow):
    assert json.loads(airflow[BUNDLES]) == [settings.PLAN_BUNDLE]


def readme_settings() -> configparser.ConfigParser:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```ini\n(.*?)```", text, re.DOTALL)
    assert block is not None
    parser = configparser.ConfigParser()
    parser.read_string(block[1])
    return parser


def test_the_readme_shows_the_same_settings():
    written = readme_settings()

    shown = {
        f"AIRFLOW__{section}__{key}".upper(): written[section][key]
        for section in written.sections()
        for key in written[section]
    }
    assert {name: shown.get(name) for name in settings.TUNED} == settings.TUNED
    assert unknown(shown) == []


def test_the_readme_shows_the_plan_bundle_beside_an_ordinary_one():
    bundles = json.loads(readme_settings()["dag_processor"]["dag_bundle_config_list"])

    assert [each["name"] for each in bundles] == ["dags-folder", "opsbot"]
    assert bundles[1] == settings.PLAN_BUNDLE


def example_connections() -> dict[str, str]:
    text = (ROOT / "connections.env.example").read_text(encoding="utf-8")
    found = re.findall(r"^(?:# )?AIRFLOW_CONN_(\w+)='(.*)'$", text, re.MULTILINE)
    return {name.lower(): value for name, value in found}


def test_the_example_names_every_connection():
    assert set(example_connections()) == {*Connections().model_dump().values(), "opsbot_airflow"}


@pytest.mark.parametrize("id", sorted(example_connections()))
def test_airflow_reads_each_example_connection(id):
    from airflow.models import Connection

    connection = Connection.from_json(example_connections()[id], conn_id=id)

    assert connection.conn_type
    assert not connection.password
