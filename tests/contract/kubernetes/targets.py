"""The clusters that are held against each other: a real one with its registry, the sandbox."""

import json
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsbot.integrations.kubernetes import client
from tests.contract.kubernetes.stage import Target

START_SECONDS = 60
LAB_NEEDS = ("KUBECONFIG", "DOCKER_HOST", "OPSBOT_REGISTRY")


def missing_for_the_lab() -> list[str]:
    """The environment variables that a real cluster with a registry needs and that are not set."""
    return [name for name in LAB_NEEDS if name not in os.environ]


def lab() -> Target:
    """The real cluster that the environment names."""
    registry = os.environ["OPSBOT_REGISTRY"]
    return Target(
        name="lab",
        cluster=client.from_kubeconfig(Path(os.environ["KUBECONFIG"])),
        kubeconfig=Path(os.environ["KUBECONFIG"]),
        docker=os.environ["DOCKER_HOST"],
        registry=registry,
        base=f"{registry}/base/node:20",
    )


@contextmanager
def sandbox(state: Path) -> Iterator[Target]:
    """A sandbox of our own, which ends with the context."""
    with (state / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "opsbot.sandbox", "--state", str(state)],
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "PYTHONPATH": "plugins"},
        )
    try:
        parts = json.loads(_first_line(process))
        yield Target(
            name="sandbox",
            cluster=client.from_kubeconfig(Path(parts["kubernetes"]["kubeconfig"])),
            kubeconfig=Path(parts["kubernetes"]["kubeconfig"]),
            docker=parts["docker"]["host"],
            registry=parts["registry"],
            base=parts["base_image"],
        )
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the sandbox; one that does not stop is killed, and the session's summary says so."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        warnings.warn("The sandbox did not stop by itself and was killed.", stacklevel=2)


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """Return what the sandbox says when it is ready; end it if it does not get there."""
    assert process.stdout is not None
    alarm = threading.Timer(START_SECONDS, process.kill)
    alarm.start()
    try:
        return process.stdout.readline()
    finally:
        alarm.cancel()
