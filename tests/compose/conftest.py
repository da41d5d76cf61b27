"""The Compose file as Compose reads it: merged, and with the variables of a filled-in .env."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\$\{(\w+)(:[?-])?([^}]*)\}")
FILLED = {
    "FERNET_KEY": "a-fernet-key",
    "API_SECRET_KEY": "an-api-secret",
    "JWT_SECRET": "a-jwt-secret",
    "POSTGRES_PASSWORD": "of-postgres",
    "REDIS_PASSWORD": "of-redis",
    "ADMIN_USER": "alice",
    "ADMIN_EMAIL": "alice@example.com",
    "ADMIN_PASSWORD": "of-alice",
}


@pytest.fixture(scope="session")
def text() -> str:
    return (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def compose(text: str) -> dict[str, Any]:
    filled = VARIABLE.sub(lambda it: FILLED.get(it[1]) or _default(it), text.replace("$$", "\0"))
    read: dict[str, Any] = yaml.safe_load(filled.replace("\0", "$"))
    return read


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]
    return found


@pytest.fixture(scope="session")
def airflow(compose: dict[str, Any]) -> dict[str, str]:
    """The configuration that all Airflow components share."""
    shared: dict[str, str] = compose["x-airflow"]["environment"]
    return shared


def _default(variable: re.Match[str]) -> str:
    assert variable[2] == ":-", f"{variable[1]} has neither a value nor a default"
    return variable[3]
