"""The connection type `sonarqube`."""

import json

import pytest

from opsbot.integrations.sonarqube.hook import SonarQubeHook, address_of
from opsbot.vocabulary.errors import Refused


def a_hook(monkeypatch, **fields):
    connection = {"conn_type": "sonarqube", **fields}
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_SONARQUBE", json.dumps(connection))
    return SonarQubeHook("opsbot_sonarqube")


def test_a_good_connection_tests_well(monkeypatch, serve, sonarqube):
    sonarqube.says("system/status", {"status": "UP"})
    sonarqube.says("authentication/validate", {"valid": True})
    hook = a_hook(monkeypatch, host=serve(sonarqube), password="squ_token")

    assert hook.test_connection() == (True, "SonarQube is up and knows the token.")


def test_a_token_that_the_server_calls_invalid_is_told(monkeypatch, serve, sonarqube):
    sonarqube.says("system/status", {"status": "UP"})
    sonarqube.says("authentication/validate", {"valid": False})
    hook = a_hook(monkeypatch, host=serve(sonarqube), password="squ_token")

    good, words = hook.test_connection()

    assert (good, "does not know this token" in words) == (False, True)


@pytest.mark.parametrize("fields", [{}, {"host": "http://127.0.0.1:1"}])
def test_a_connection_without_host_or_token_is_refused(monkeypatch, fields):
    with pytest.raises(Refused, match="user token"):
        a_hook(monkeypatch, **fields).get_conn()


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        (("https://sonar.example/path", None, None), "https://sonar.example/path"),
        (("sonar.example", None, None), "https://sonar.example"),
        (("sonar.example", "http", 9000), "http://sonar.example:9000"),
        (("127.0.0.1", None, 9000), "http://127.0.0.1:9000"),
    ],
)
def test_the_address_comes_from_the_connections_fields(fields, address):
    assert address_of(*fields) == address


def test_a_login_inside_the_address_is_refused(monkeypatch):
    hook = a_hook(monkeypatch, host="https://me:secret@sonar.example", password="squ_token")

    with pytest.raises(Refused, match="holds a login") as refusal:
        hook.get_conn()

    assert "secret" not in str(refusal.value)
