"""The Compose stack and the demo run Airflow with one configuration."""

import json
from pathlib import Path

import yaml

from opsbot.doors.demo import settings

ROOT = Path(__file__).parents[2]


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yaml").read_text())


def test_compose_ships_the_tuned_settings():
    environment = compose()["x-airflow"]["environment"]

    assert {name: environment[name] for name in settings.TUNED} == settings.TUNED


def test_compose_ships_the_plan_bundle():
    environment = compose()["x-airflow"]["environment"]
    bundles = json.loads(environment["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])

    assert bundles == [settings.PLAN_BUNDLE]


def test_compose_runs_each_component_of_airflow_once():
    commands = {
        name: service["command"]
        for name, service in compose()["services"].items()
        if "command" in service
    }

    assert sorted(commands.values()) == [
        "api-server",
        "dag-processor",
        "db migrate",
        "scheduler",
        "triggerer",
    ]


def test_compose_publishes_nothing_beyond_loopback():
    for service in compose()["services"].values():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
