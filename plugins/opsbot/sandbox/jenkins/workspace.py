"""Check out what a build is of: a branch, a commit, or a reference spelt in full.

The name comes from a caller, so it is looked at before git sees it; which of several things it
means is asked of git, a branch first.
"""

import re
import shutil
import subprocess
from pathlib import Path

from opsbot.sandbox import machine
from opsbot.sandbox.jenkins.builds import Build

REFERENCE = re.compile(r"(?!.*(?:\.\.|//|@\{|\.lock$|/$))[A-Za-z0-9][A-Za-z0-9._/+@=-]{0,199}")


class CheckoutFailed(Exception):
    """There is nothing to build; the message is the console's."""


def check_out(repository: Path, folder: Path, build: Build) -> str:
    """Bring the workspace to the wanted commit and return it."""
    wanted = str(build.parameters.get("branch", "main"))
    if not REFERENCE.fullmatch(wanted):
        raise CheckoutFailed(f"ERROR: {wanted!r} is no name of a branch, tag or commit")
    if build.parameters.get("clean_build") is not False:
        shutil.rmtree(folder, ignore_errors=True)
    if not (folder / ".git").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        build.say(f"Cloning repository {repository}")
        _git(repository, "clone", "--quiet", "--no-checkout", "--", str(repository), str(folder))
    else:
        build.say(f"Fetching changes from {repository}")
        _git(folder, "fetch", "--quiet", "--tags", "--force", "origin")
    commit = _commit(folder, wanted, build)
    build.say(f"Checking out Revision {commit} ({wanted})")
    _git(folder, "checkout", "--quiet", "--force", "--detach", commit)
    return commit


def empty(folder: Path) -> None:
    """Begin with nothing, for a job that checks out nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _commit(folder: Path, wanted: str, build: Build) -> str:
    words = ""
    for name in (f"refs/remotes/origin/{wanted}", wanted):
        build.say(f" > git rev-parse --verify {name}^{{commit}}")
        found = _asked(folder, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.strip()
        words = found.stderr.strip()
    raise CheckoutFailed(
        f"{words}\nERROR: Couldn't find any revision to build. Verify the repository and branch "
        f"configuration for this job: {wanted!r} is unknown."
    )


def _git(folder: Path, *arguments: str) -> None:
    ended = _asked(folder, *arguments)
    if ended.returncode:
        raise CheckoutFailed(f"{ended.stderr.strip()}\nERROR: git {arguments[0]} failed")


def _asked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine.git(), *arguments],
        cwd=folder,
        env=machine.environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
