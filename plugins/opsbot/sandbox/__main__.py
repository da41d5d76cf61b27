"""Run the sandbox: `python -m opsbot.sandbox --state DIR [--scenario NAME] [--without SYSTEM ...]`.

A system that is real elsewhere is left out. Without SonarQube, `SONAR_HOST_URL` and `SONAR_TOKEN`
name the one that Jenkins' jobs send their analyses to.

One line of JSON on standard output says where everything is, once everything is up. Words about
what happens go to standard error. SIGTERM or SIGINT stops it all, pods included.
"""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from opsbot.sandbox import machine, repository, wiring
from opsbot.sandbox.machine import NotThere
from opsbot.sandbox.wiring import Real

SYSTEMS = ("docker", "kubernetes", "sonarqube")
"""Those that may be real elsewhere; the registry goes with the Docker Engine."""


def main() -> int:
    """Run until told to stop."""
    arguments = _arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        machine.node()
        real = _real(arguments.without)
        sandbox = wiring.start(arguments.state.resolve(), arguments.scenario, _log, real)
    except NotThere as problem:
        _log(str(problem))
        return 1
    print(json.dumps(sandbox.addresses), flush=True)
    ended.wait()
    sandbox.stop()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m opsbot.sandbox",
        description="Jenkins, SonarQube, Docker, a registry, Kubernetes and Slack, on loopback.",
    )
    words = "folder for everything it writes; images, builds and the cluster live there"
    parser.add_argument("--state", type=Path, required=True, metavar="DIR", help=words)
    parser.add_argument(
        "--scenario",
        choices=repository.SCENARIOS,
        default="success",
        help="which history the sample application has",
    )
    words = "a system that is real elsewhere; docker includes the registry"
    parser.add_argument("--without", choices=SYSTEMS, action="append", default=[], help=words)
    return parser.parse_args()


def _real(without: list[str]) -> Real:
    """Return what is real, with the SonarQube that the environment names."""
    sonarqube = None
    if "sonarqube" in without:
        sonarqube = {"url": _variable("SONAR_HOST_URL"), "token": _variable("SONAR_TOKEN")}
    return Real("docker" in without, "kubernetes" in without, sonarqube)


def _variable(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise NotThere(f"--without sonarqube needs {name}: where the real one is, and its token.")
    return value


def _log(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
