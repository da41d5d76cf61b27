"""The Compose stack is a sound one: by Compose's own schema, and by what a team needs.

`compose-spec.json` is the schema of the Compose Specification (compose-spec/compose-go 2.16.2,
Apache-2.0), as Compose itself checks files by it.
"""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from tests.compose.conftest import FILLED, ROOT, VARIABLE

SCHEMA = Path(__file__).with_name("compose-spec.json")
COMPONENTS = {
    "api-server": "api-server",
    "scheduler": "scheduler",
    "dag-processor": "dag-processor",
    "triggerer": "triggerer",
    "worker": "celery worker",
}
SECRET = re.compile("PASSWORD|SECRET|KEY|TOKEN")


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked():
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return {each["name"]: each["version"] for each in packages if "version" in each}


def dockerfile(services):
    return services["init"]["build"]["dockerfile_inline"]


def test_the_file_is_compose(compose):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    jsonschema.validate(compose, schema)


def test_every_component_runs_once_on_one_image(services):
    commands = {name: services[name]["command"] for name in COMPONENTS}

    assert commands == COMPONENTS
    assert len({services[name]["image"] for name in (*COMPONENTS, "init")}) == 1
    assert set(services) == {*COMPONENTS, "init", "postgres", "redis"}


def test_everything_that_stays_up_has_a_health_check_and_comes_back(services):
    for name in services.keys() - {"init"}:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped", name


def test_components_wait_for_the_database_the_broker_and_the_layout(services):
    for name in COMPONENTS:
        waits = {on: how["condition"] for on, how in services[name]["depends_on"].items()}

        assert waits == {
            "postgres": "service_healthy",
            "redis": "service_healthy",
            "init": "service_completed_successfully",
        }


def test_the_layout_migrates_the_database_and_makes_the_first_account(services):
    *shell, script = services["init"]["command"]

    assert shell == ["bash", "-c"]
    assert script.startswith("airflow db migrate && airflow users create --role Admin")


def test_nothing_is_published_beyond_loopback(services):
    published = [port for each in services.values() for port in each.get("ports", ())]

    assert published == ["127.0.0.1:8080:8080"]


def test_what_is_mounted_is_in_the_checkout(services):
    for name in COMPONENTS:
        mounts = dict(each.split(":")[:2] for each in services[name]["volumes"])

        assert mounts["./dags"] == "/opt/airflow/dags"
        assert mounts["./plugins"] == "/opt/airflow/plugins"
        assert mounts["./include"] == "/opt/airflow/include"
    assert (ROOT / "dags" / "opsbot.py").is_file()
    assert (ROOT / "plugins" / "opsbot_plugin.py").is_file()
    assert (ROOT / "plugins" / ".airflowignore").is_file()
    assert (ROOT / "include" / "applications.yaml").is_file()


def test_the_image_is_built_from_this_checkout(services):
    copied = re.findall(r"^COPY --chown=\S+ (.+) \S+$", dockerfile(services), re.MULTILINE)

    sources = [source for line in copied for source in line.split()]
    assert {"pyproject.toml", "uv.lock", "plugins"} <= set(sources)
    assert all((ROOT / source).exists() for source in sources)
    assert services["init"]["build"]["context"] == "."


def test_images_are_pinned_and_airflow_is_the_one_that_is_declared(services):
    base = re.search(r"^FROM (\S+)$", dockerfile(services), re.MULTILINE)
    assert base is not None
    needed = next(each for each in project()["dependencies"] if each.startswith("apache-airflow=="))
    version = needed.removeprefix("apache-airflow==")

    assert base[1].startswith(f"apache/airflow:{version}-python3.")
    assert services["worker"]["image"].endswith(f":{version}")
    for name in ("postgres", "redis"):
        assert re.fullmatch(rf"{name}:\d+(\.\d+)+-\w+", services[name]["image"])


def test_what_the_stack_needs_besides_is_declared_and_locked(services):
    declared = project()["optional-dependencies"]["production"]
    pinned = dict(each.split("==") for each in declared if "==" in each)

    assert '"/opt/opsbot[production]"' in dockerfile(services)
    assert set(pinned) == {
        "apache-airflow-providers-celery",
        "apache-airflow-providers-fab",
        "apache-airflow-providers-postgres",
    }
    assert {name: locked()[name] for name in pinned} == pinned
    assert {"celery", "redis", "psycopg2-binary", "asyncpg", "flask-appbuilder"} <= set(locked())


def test_no_secret_has_a_default(text, services):
    used = {each[1]: each[2] for each in VARIABLE.finditer(text.replace("$$", ""))}

    assert {name for name, how in used.items() if how == ":?"} == set(FILLED)
    assert [name for name, how in used.items() if how != ":?" and SECRET.search(name)] == []
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            if SECRET.search(key):
                assert any(secret in value for secret in FILLED.values()), (name, key)


def test_the_example_names_all_that_is_needed_and_fills_in_nothing():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()

    assert {line for line in lines if line and line[0] != "#"} == {f"{name}=" for name in FILLED}


@pytest.mark.parametrize("name", [".env", "connections.env"])
def test_filled_in_files_are_kept_out_of_the_repository(name):
    assert name in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_first_password_reaches_nobody_but_the_layout(services):
    knowing = [name for name, each in services.items() if "ADMIN_PASSWORD" in each["environment"]]

    assert knowing == ["init"]
