"""One suite over two clusters: a real one with its registry, and the sandbox."""

import json
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path

import pytest
from kubernetes import client as kube

from opsbot.integrations.kubernetes import client
from opsbot.integrations.kubernetes.client import Cluster
from tests.contract.kubernetes.images import ImageYard
from tests.contract.kubernetes.stage import Stage, Target

START_SECONDS = 60
LAB_NEEDS = ("KUBECONFIG", "DOCKER_HOST", "OPSBOT_REGISTRY")


@pytest.fixture(scope="session", params=["lab", "sandbox"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    if request.param == "lab":
        yield lab()
    else:
        yield from sandbox(tmp_path_factory.mktemp("sandbox"))


def lab() -> Target:
    absent = [name for name in LAB_NEEDS if name not in os.environ]
    if absent:
        pytest.skip(f"no real cluster with a registry: {', '.join(absent)} not set")
    registry = os.environ["OPSBOT_REGISTRY"]
    return Target(
        name="lab",
        cluster=client.from_kubeconfig(Path(os.environ["KUBECONFIG"])),
        kubeconfig=Path(os.environ["KUBECONFIG"]),
        docker=os.environ["DOCKER_HOST"],
        registry=registry,
        base=f"{registry}/base/node:20",
    )


def sandbox(state: Path) -> Iterator[Target]:
    if util.find_spec("opsbot.sandbox.__main__") is None:
        pytest.skip("the sandbox cannot be started yet")
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


@pytest.fixture(scope="session")
def cluster(target: Target) -> Cluster:
    return target.cluster


@pytest.fixture(scope="session")
def images(target: Target) -> ImageYard:
    return ImageYard(target.docker, target.registry, target.base)


@pytest.fixture(scope="session")
def new_stage(target: Target, images: ImageYard) -> Iterator[Callable[[str], Stage]]:
    """Make stages in namespaces of their own, and remove them at the end."""
    stages: list[Stage] = []

    def make(word: str) -> Stage:
        stages.append(Stage.open(target, images, word))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


@pytest.fixture(scope="module")
def quiet(new_stage: Callable[[str], Stage]) -> Stage:
    """A namespace for objects that start no pod."""
    return new_stage("quiet")


@pytest.fixture(scope="session")
def apps(cluster: Cluster) -> kube.AppsV1Api:
    return kube.AppsV1Api(cluster.api)


@pytest.fixture(scope="session")
def core(cluster: Cluster) -> kube.CoreV1Api:
    return kube.CoreV1Api(cluster.api)
