"""Run a build: check out, carry out the job's steps, publish.

Whatever the job's commands print is the console, with secrets masked. Steps of one stage stand
together; a failing one ends the build. A stop ends the command's process group, gently first.
"""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from opsbot.sandbox import machine
from opsbot.sandbox.jenkins import asking, publishing, workspace
from opsbot.sandbox.jenkins.builds import Build, Stage
from opsbot.sandbox.jenkins.jobs import Command, Input, Step
from opsbot.sandbox.jenkins.workspace import CheckoutFailed

GRACE_SECONDS = 5.0
STATUS = {"UNSTABLE": "UNSTABLE", "FAILURE": "FAILED", "ABORTED": "ABORTED", "NOT_BUILT": "ABORTED"}
"""A stage's status after a build's result: one says FAILED, the other FAILURE."""


@dataclass(frozen=True)
class Place:
    """Where builds run, and what their commands may know."""

    state: Path
    repository: Path
    variables: dict[str, str]
    """Environment of every command, such as SonarQube's address and token."""
    secrets: tuple[str, ...] = ()
    """Texts that the console shows as `****`."""


def run(place: Place, build: Build, executor: int) -> None:
    """Run a build to its end; what it was is set on it."""
    build.say(f"Started by user {build.users[0]}")
    folder = place.state / "workspace" / f"{build.job.name}@{executor}"
    build.say(f"Running on Jenkins in {folder}")
    try:
        _prepare(place, build, folder)
    except CheckoutFailed as failure:
        build.say(str(failure))
        build.worsen("FAILURE")
        return
    for name, steps in groupby(build.job.steps, key=lambda step: step.stage):
        if build.result == "FAILURE" or build.stopping.is_set():
            break
        _stage(place, build, name, list(steps), folder)
    if build.stopping.is_set():
        build.say(build.interrupted)
        build.worsen(build.result_when_stopped)
    publishing.archive(build, folder)


def _prepare(place: Place, build: Build, folder: Path) -> None:
    if build.job.checks_out:
        build.commit = workspace.check_out(place.repository, folder, build)
    else:
        workspace.empty(folder)


def _stage(place: Place, build: Build, name: str, steps: list[Step], folder: Path) -> None:
    """Carry out a stage's steps; its status is the worst thing that happened in it."""
    build.say(f"[{name}]")
    begun = time.monotonic()
    before = build.result
    stage = Stage(name, int(time.time() * 1000))
    build.stages.append(stage)
    for step in steps:
        if build.result == "FAILURE" or build.stopping.is_set():
            break
        _take(place, build, stage, step, folder)
    worst = build.result_when_stopped if build.stopping.is_set() else build.result
    stage.duration = int((time.monotonic() - begun) * 1000)
    stage.status = "SUCCESS" if worst == before else STATUS[str(worst)]


def _take(place: Place, build: Build, stage: Stage, step: Step, folder: Path) -> None:
    if isinstance(step, Input):
        asking.ask(build, stage, step)
        return
    code = _execute(place, build, step, folder)
    if build.stopping.is_set():
        return
    unstable = step.judged_by_tests and publishing.publish(build, folder)
    if code and not unstable:
        stage.error = f"script returned exit code {code}"
        build.say(f"ERROR: {stage.error}")
        build.worsen("FAILURE")


def _execute(place: Place, build: Build, command: Command, folder: Path) -> int:
    """Run a command and return its exit code."""
    values = {"commit": build.commit, **build.parameters}
    arguments = [each.format_map(values) for each in command.arguments]
    if arguments[0] == "node":
        arguments[0] = machine.node()
    build.say(f"+ {' '.join([Path(arguments[0]).name, *arguments[1:]])}")
    process = subprocess.Popen(
        arguments,
        cwd=folder,
        env=_environment(place, build, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    ended = threading.Event()
    watch = threading.Thread(target=_end_when_stopped, args=(build, process, ended), daemon=True)
    watch.start()
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    for line in process.stdout:
        build.say(_masked(line.decode(errors="replace").rstrip("\r\n"), place.secrets))
    code = process.wait()
    ended.set()
    watch.join()
    return code


def _environment(place: Place, build: Build, folder: Path) -> dict[str, str]:
    return {
        **machine.environment(folder),
        **place.variables,
        "BUILD_NUMBER": str(build.number),
        "JOB_NAME": build.job.name,
        "WORKSPACE": str(folder),
        "GIT_COMMIT": build.commit or "",
    }


def _end_when_stopped(
    build: Build, process: subprocess.Popen[bytes], ended: threading.Event
) -> None:
    while not ended.wait(0.1):
        if build.stopping.is_set():
            _signal(process, signal.SIGTERM)
            if not ended.wait(GRACE_SECONDS):
                _signal(process, signal.SIGKILL)
            return


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _masked(line: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        line = line.replace(secret, "****")
    return line
