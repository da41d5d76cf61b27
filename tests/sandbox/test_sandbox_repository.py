"""The history of the sample application."""

import json
import subprocess
from pathlib import Path

import pytest

from opsbot.sandbox import machine, repository
from opsbot.sandbox.sonarqube import rules

JUDGED = {
    "quality-gate": {"javascript:S2688"},
    "vulnerability": {"javascript:S4830", "javascript:S5527"},
}
PAGES = '"cataloguePages": 2'
IN_ITS_OWN_WORDS = "Error: Cannot find module './config/production.json'"


def git(folder: Path, *arguments: str) -> str:
    environment = machine.environment(folder)
    ended = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return ended.stdout.strip()


def content(folder: Path, reference: str, path: str) -> str:
    return git(folder, "show", f"{reference}:{path}")


def start_container(folder: Path, image: Path) -> subprocess.CompletedProcess[str]:
    """Do what the Dockerfile says, and run its command."""
    for line in (folder / "Dockerfile.prod").read_text().splitlines():
        if line.startswith("COPY "):
            source, target = line.split()[1:]
            place = image / target
            place.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["cp", "-r", f"{folder / source}{'/.' if source.endswith('/') else ''}", str(place)]
            )
    environment = {**machine.environment(image), "NODE_ENV": "production", "PORT": "none"}
    return subprocess.run(
        [machine.node(), "server.js"],
        cwd=image,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


DIFFERENT = [each for each in repository.SCENARIOS if each != "rejected"]
"""In `rejected`, a person differs and the repository is that of `success`."""
RELEASED_BEFORE = [each for each in repository.SCENARIOS if each != "first-deploy"]


@pytest.mark.parametrize("scenario", RELEASED_BEFORE)
def test_the_first_version_is_good_in_every_scenario(tmp_path: Path, scenario: str) -> None:
    folder = repository.lay(tmp_path / "repository", scenario)

    assert json.loads(content(folder, "v0.9.5", "package.json"))["version"] == "0.9.5"
    assert "COPY config/ ./config/" in content(folder, "v0.9.5", "Dockerfile.prod")
    assert json.loads(content(folder, "v0.9.5", "config/production.json"))["port"] == 3000


@pytest.mark.parametrize("scenario", ["success", "rejected", "quality-gate", "vulnerability"])
def test_the_next_version_has_its_settings(tmp_path: Path, scenario: str) -> None:
    folder = repository.lay(tmp_path / "repository", scenario)

    ended = start_container(folder, tmp_path / "image")

    assert json.loads(content(folder, "main", "package.json"))["version"] == "1.0.0"
    # It came as far as looking at the port, which is wrong on purpose.
    assert "PORT must be" in ended.stderr


def test_without_its_settings_the_application_crashes_in_its_own_words(tmp_path: Path) -> None:
    folder = repository.lay(tmp_path / "repository", "missing-config")

    ended = start_container(folder, tmp_path / "image")

    assert json.loads(content(folder, "main", "package.json"))["version"] == "1.0.0"
    assert ended.returncode == 1
    assert IN_ITS_OWN_WORDS in ended.stderr
    assert "src/app.js:15" in ended.stderr


def test_a_first_deploy_has_no_version_before_it_and_settings_that_are_wrong(
    tmp_path: Path,
) -> None:
    folder = repository.lay(tmp_path / "repository", "first-deploy")

    ended = start_container(folder, tmp_path / "image")

    assert git(folder, "tag") == ""
    assert json.loads(content(folder, "main", "package.json"))["version"] == "1.0.0"
    assert (ended.returncode, "Invalid configuration: port must be" in ended.stderr) == (1, True)


def test_a_slow_start_listens_when_everything_is_loaded(tmp_path: Path) -> None:
    folder = repository.lay(tmp_path / "repository", "slow-start")
    settings = folder / "config" / "production.json"
    pages = json.loads(settings.read_text())["cataloguePages"]
    settings.write_text(settings.read_text().replace(f'"cataloguePages": {pages}', PAGES))

    ended = start_container(folder, tmp_path / "image")

    assert pages == 20
    assert ended.stdout.splitlines() == ["Loaded page 1 of 2", "Loaded page 2 of 2"]
    # The port is wrong on purpose, which it notices only now.
    assert (ended.returncode, "PORT must be" in ended.stderr) == (1, True)


@pytest.mark.parametrize("scenario", DIFFERENT)
def test_no_build_and_no_test_of_the_application_notices_anything(
    tmp_path: Path, scenario: str
) -> None:
    folder = repository.lay(tmp_path / "repository", scenario)

    for script in ("build.js", "test.js"):
        ended = subprocess.run(
            [machine.node(), f"scripts/{script}"],
            cwd=folder,
            env=machine.environment(folder),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("scenario", DIFFERENT)
def test_sonarqube_finds_what_the_scenario_is_about_and_nothing_else(
    tmp_path: Path, scenario: str
) -> None:
    folder = repository.lay(tmp_path / "repository", scenario)

    found = {
        finding.rule.key
        for file in (*(folder / "src").glob("*.js"), folder / "server.js")
        for finding in rules.findings(file.name, file.read_text())
        if finding.rule.kind != "CODE_SMELL"
    }

    assert found == JUDGED.get(scenario, set())


def test_the_same_sources_give_the_same_commits(tmp_path: Path) -> None:
    first = repository.lay(tmp_path / "first", "missing-config")
    second = repository.lay(tmp_path / "second", "missing-config")

    assert git(first, "rev-parse", "main", "v0.9.5") == git(second, "rev-parse", "main", "v0.9.5")


def test_the_settings_of_the_machines_user_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gitconfig").write_text("[user]\nname = Somebody\n[core]\nautocrlf = true\n")
    expected = git(repository.lay(tmp_path / "first", "success"), "rev-parse", "main")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))

    folder = repository.lay(tmp_path / "second", "success")

    assert git(folder, "rev-parse", "main") == expected
