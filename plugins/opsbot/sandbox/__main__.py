"""Run the sandbox: `python -m opsbot.sandbox --state DIR [--scenario NAME]`.

One line of JSON on standard output says where everything is, once everything is up. Words about
what happens go to standard error. SIGTERM or SIGINT stops it all, pods included.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from opsbot.sandbox import machine, repository, wiring
from opsbot.sandbox.machine import NotThere


def main() -> int:
    """Run until told to stop."""
    arguments = _arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        machine.node()
        sandbox = wiring.start(arguments.state.resolve(), arguments.scenario, _log)
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
    return parser.parse_args()


def _log(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
