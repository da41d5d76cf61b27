"""`opsbot setup sonarqube` makes what include/ names, on a server that answers over HTTP."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsbot.doors import cli
from opsbot.integrations.sonarqube import client as sonarqube
from opsbot.integrations.sonarqube import gate_setup, gates
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.sandbox.sonarqube import server as sandbox
from opsbot.sandbox.sonarqube.tasks import Server

INCLUDE = Path(__file__).parents[2] / "include"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[SonarClient]:
    server = Server()
    service = sandbox.start(server, lambda line: None)
    monkeypatch.setenv("SONAR_HOST_URL", service.url)
    monkeypatch.setenv("SONAR_TOKEN", server.token)
    yield sonarqube.of(service.url, server.token)
    service.stop()
    server.stop()


def test_every_application_gets_its_project_under_its_gate(
    client: SonarClient, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["setup", "sonarqube"])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert (
        "Made the quality gate 'production-gate': it fails on vulnerabilities above 0" in said.out
    )
    assert "coverage below 80" in said.out
    for key in ("my-application", "payments-api", "web-frontend", "search-indexer"):
        assert gates.name(client, key) == "production-gate"


def test_a_second_run_makes_nothing(
    client: SonarClient, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["setup", "sonarqube"])
    before = gate_setup.conditions(client, "production-gate")
    capsys.readouterr()

    code = cli.main(["setup", "sonarqube"])

    assert code == 0
    assert "Made" not in capsys.readouterr().out
    assert gate_setup.conditions(client, "production-gate") == before


def test_a_laxer_gate_that_was_there_is_told_and_left_alone(
    client: SonarClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("qualitygates/create", needs="", name="production-gate")
    before = gate_setup.conditions(client, "production-gate")

    code = cli.main(["setup", "sonarqube"])

    said = capsys.readouterr().err
    assert code == 1
    assert "production-gate: vulnerabilities above 0. Add the condition in SonarQube" in said
    assert gate_setup.conditions(client, "production-gate") == before


def test_the_coverage_is_that_of_the_strictest_environment(
    client: SonarClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    include = tmp_path / "include"
    shutil.copytree(INCLUDE, include)
    policies = include / "policies.yaml"
    policies.write_text(
        policies.read_text().replace("coverage_required: 80", "coverage_required: 90")
    )
    monkeypatch.setenv("OPSBOT_INCLUDE", str(include))

    cli.main(["setup", "sonarqube"])

    found = gate_setup.conditions(client, "production-gate") or []
    assert {each["metric"]: each["error"] for each in found}["coverage"] == "90"


def test_a_server_that_nobody_named_is_a_wrong_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SONAR_HOST_URL", raising=False)
    monkeypatch.delenv("SONAR_TOKEN", raising=False)

    assert cli.main(["setup", "sonarqube"]) == 2
    assert "SONAR_HOST_URL, SONAR_TOKEN is not set" in capsys.readouterr().err


def test_a_wrong_token_is_told_and_not_shown(
    client: SonarClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SONAR_TOKEN", "squ_0123456789abcdef")

    assert cli.main(["setup", "sonarqube"]) == 2
    words = capsys.readouterr().err
    assert "does not know this token" in words
    assert "0123456789abcdef" not in words
