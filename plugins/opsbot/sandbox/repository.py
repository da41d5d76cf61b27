"""The git repository of the sample application, with its history.

Tag `v0.9.5` is what serves before the story begins; branch `main` is version 1.0.0. In the
scenario `missing-config` somebody takes the production settings out of the repository and out of
the image: sources still compile, tests run with the settings of the test environment and pass, and
only the container that runs with ENV=production finds out.

Author and dates are fixed: the same sources give the same commits everywhere.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import opsbot
from opsbot.sandbox import machine

FIRST = "0.9.5"
BRANCH = "main"
COPIES_SETTINGS = "COPY config/ ./config/\n"
NOT_SOURCES = ("node_modules", "dist", "reports", ".git")


def lay(folder: Path, scenario: str) -> Path:
    """Make the repository anew and return where it is."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources(), folder, ignore=shutil.ignore_patterns(*NOT_SOURCES))
    _git(folder, "init", "--quiet", f"--initial-branch={BRANCH}")
    package = folder / "package.json"
    version = json.loads(package.read_text("utf-8"))["version"]
    _set_version(package, version, FIRST)
    _commit(folder, f"Serve a greeting, the version and the health (version {FIRST})", day=1)
    _git(folder, "tag", f"v{FIRST}")
    _set_version(package, FIRST, version)
    _commit(folder, f"Release version {version}", day=2)
    if scenario == "missing-config":
        _lose_settings(folder)
        _commit(folder, "Keep production settings out of the repository", day=3)
    # Pushes to the checked-out branch are what a person does who repairs the application here.
    _git(folder, "config", "receive.denyCurrentBranch", "updateInstead")
    return folder


def sources() -> Path:
    """Return the folder of the sample application: where the organisation's files are."""
    named = os.environ.get("OPSBOT_INCLUDE") or os.environ.get("AIRFLOW__OPSBOT__INCLUDE_FOLDER")
    beside_the_package = Path(opsbot.__file__).resolve().parents[2] / "include"
    tried = [Path(named)] if named else [beside_the_package, Path.cwd() / "include"]
    for include in tried:
        if (include / "sample-application" / "package.json").is_file():
            return include / "sample-application"
    places = " nor ".join(str(include / "sample-application") for include in tried)
    raise machine.NotThere(f"The sample application is not at {places}. Set OPSBOT_INCLUDE.")


def _set_version(package: Path, old: str, new: str) -> None:
    text = package.read_text("utf-8")
    package.write_text(text.replace(f'"version": "{old}"', f'"version": "{new}"'), "utf-8")


def _lose_settings(folder: Path) -> None:
    recipe = folder / "Dockerfile.prod"
    recipe.write_text(recipe.read_text("utf-8").replace(COPIES_SETTINGS, ""), "utf-8")
    (folder / "config" / "production.json").unlink()


def _commit(folder: Path, message: str, day: int) -> None:
    _git(folder, "add", "--all")
    date = f"2026-01-{day:02}T09:00:00+0000"
    person = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Robin"), ("EMAIL", "robin@example.com"), ("DATE", date))
    }
    _git(folder, "commit", "--quiet", "--message", message, person=person)


def _git(folder: Path, *arguments: str, person: dict[str, str] | None = None) -> None:
    subprocess.run(
        [machine.git(), *arguments],
        cwd=folder,
        env=machine.environment(folder) | (person or {}),
        check=True,
        capture_output=True,
    )
