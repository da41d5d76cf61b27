"""`opsbot demo`: the whole road on the embedded sandbox or on real parts, with a real Airflow.

The exit code is 0 when the scenario ended as it should, 1 when it did not or something broke on
the way, 2 for a wrong call. A Ctrl-C, a closed terminal or a SIGTERM stops everything that was
started before the demo ends.
"""

import argparse
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from opsbot.vocabulary.errors import OpsBotError, Refused

if TYPE_CHECKING:
    from opsbot.doors.demo.real_parts import Real
    from opsbot.doors.demo.scenarios import Scenario

SUMMARY = "run the whole road on the embedded sandbox, with a real Airflow"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `opsbot demo` takes."""
    from opsbot.doors.demo.scenarios import SCENARIOS

    stories = (f"  {each.name:<16}{each.what_happens}" for each in SCENARIOS.values())
    parser.epilog = "\n".join(("scenarios:", *stories))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--scenario",
        default="success",
        metavar="NAME",
        help="which story, one of those below (default: success)",
    )
    parser.add_argument(
        "--live",
        action="store_true",
        help="use the real parts that the environment names: KUBECONFIG with DOCKER_HOST and "
        "OPSBOT_REGISTRY, SONAR_HOST_URL with SONAR_TOKEN; the sandbox is the rest",
    )
    parser.add_argument("--ask", action="store_true", help="leave the approval to you, in Airflow")
    parser.add_argument("--keep", action="store_true", help="leave all running until Ctrl-C")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report to FILE")
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="where to work (default: .opsbot/demo-<n>)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Perform the scenario and return the exit code."""
    from opsbot.doors.demo import real_parts, scenarios

    try:
        scenario = scenarios.find(arguments.scenario)
        real = real_parts.named(os.environ) if arguments.live else real_parts.NOTHING
        _check_writable(arguments.json)
    except Refused as error:
        print(f"opsbot demo: {error}", file=sys.stderr)
        return 2
    try:
        with interruptible():
            return _perform(scenario, real, arguments)
    except OpsBotError as error:
        print(f"opsbot demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("opsbot demo: interrupted; everything was stopped.", file=sys.stderr)
        return 1


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn the first signal to end into a KeyboardInterrupt; the stop that follows is not cut."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def next_state(folder: Path) -> Path:
    """Return the first `demo-<n>` of a folder that is not taken."""
    numbers = (int(each.name[5:]) for each in folder.glob("demo-*") if each.name[5:].isdigit())
    return folder / f"demo-{max(numbers, default=0) + 1}"


def _perform(scenario: "Scenario", real: "Real", arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from opsbot.doors.demo import performance, report, stack, telling
    from opsbot.doors.demo.performance import Performed

    given: Path | None = arguments.state
    state = given or next_state(stack.project_folder() / ".opsbot")
    as_expected = False

    def write(performed: Performed) -> None:
        nonlocal as_expected
        found = report.build(scenario, performed.attempt, performed.facts, real)
        as_expected = found["ended_as_expected"]
        if arguments.json is not None:
            text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
            arguments.json.write_text(text, encoding="utf-8")

    console = Console()
    if arguments.live:
        telling.parts(console, real)
    asking = {"ask": arguments.ask, "keep": arguments.keep}
    performance.perform(scenario, state, console, write, real=real, **asking)
    if not as_expected:
        print(f"What was going on is in {state}/logs.", file=sys.stderr)
        return 1
    if given is None:
        shutil.rmtree(state, ignore_errors=True)
    return 0


def _check_writable(report: Path | None) -> None:
    """Refuse now what could not be written after minutes of work."""
    if report is not None and not report.resolve().parent.is_dir():
        raise Refused(f"--json {report}: there is no folder {report.resolve().parent}.")
