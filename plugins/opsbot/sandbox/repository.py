"""The git repository of the sample application, with its history.

Tag `v0.9.5` is what serves before the story begins; branch `main` is version 1.0.0. A scenario in
which something is wrong with that version has one commit more, a file of the folder `scenarios`:

- `missing-config`: the production settings are neither in the repository nor in the image. Sources
  compile, tests run with the settings of the test environment and pass, and only the container
  that runs with ENV=production finds out.
- `first-deploy`: the settings are there, and wrong; again production alone finds out. Nothing was
  released before, so there is no tag.
- `quality-gate`: a comparison with NaN, which no test notices and SonarQube calls a bug.
- `vulnerability`: a TLS connection whose certificate nobody checks.
- `slow-start`: nothing is wrong. Version 1.0.0 loads twenty pages, a second each, before it serves.

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
NEVER_RELEASED = "first-deploy"
"""The scenario before which there is no version."""
COMMITS = Path(__file__).parent / "scenarios"
"""The commits on top of version 1.0.0, as `git format-patch` writes them, named by scenario."""
SCENARIOS = ("success", "rejected", *sorted(each.stem for each in COMMITS.glob("*.patch")))
NOT_SOURCES = ("node_modules", "dist", "reports", ".git")


def lay(folder: Path, scenario: str) -> Path:
    """Make the repository anew and return where it is."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources(), folder, ignore=shutil.ignore_patterns(*NOT_SOURCES))
    _git(folder, "init", "--quiet", f"--initial-branch={BRANCH}")
    _release(folder, first=scenario == NEVER_RELEASED)
    commit = COMMITS / f"{scenario}.patch"
    if commit.exists():
        _git(folder, "am", "--quiet", "--committer-date-is-author-date", str(commit))
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


def _release(folder: Path, *, first: bool) -> None:
    """Commit version 1.0.0, after the version before it unless this is the first."""
    words = "Serve a greeting, the version and the health"
    version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    if first:
        _commit(folder, f"{words} (version {version})", day=1)
        return
    _set_version(folder, version, FIRST)
    _commit(folder, f"{words} (version {FIRST})", day=1)
    _git(folder, "tag", f"v{FIRST}")
    _set_version(folder, FIRST, version)
    _commit(folder, f"Release version {version}", day=2)


def _set_version(folder: Path, old: str, new: str) -> None:
    package = folder / "package.json"
    text = package.read_text("utf-8")
    package.write_text(text.replace(f'"version": "{old}"', f'"version": "{new}"'), "utf-8")


def _commit(folder: Path, message: str, day: int) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", message, date=f"2026-01-{day:02}T09:00:00+0000")


def _git(folder: Path, *arguments: str, date: str = "") -> None:
    """Run git as Robin; without a date it is now, unless git is told otherwise."""
    person = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Robin"), ("EMAIL", "robin@example.com"), ("DATE", date))
        if value
    }
    subprocess.run(
        [machine.git(), *arguments],
        cwd=folder,
        env=machine.environment(folder) | person,
        check=True,
        capture_output=True,
    )
