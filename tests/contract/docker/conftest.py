"""One suite over two Docker Engines with their registries: the real ones, and the sandbox's."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsbot.integrations.docker import client
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from opsbot.sandbox.docker import base_image
from opsbot.sandbox.docker import server as sandbox_docker
from opsbot.sandbox.docker.images import Images
from opsbot.sandbox.registry import server as sandbox_registry
from tests.contract.docker.yard import Yard
from tests.contract.registry import places
from tests.contract.registry.places import Guarded, Place

LAB_NEEDS = ("DOCKER_HOST", "OPSBOT_REGISTRY")
Connect = Callable[..., DockerClient]


@pytest.fixture(scope="session", params=["lab", "sandbox"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    if request.param == "lab":
        yield lab()
    else:
        yield from sandbox(tmp_path_factory.mktemp("docker"))


def lab() -> Place:
    absent = [name for name in LAB_NEEDS if name not in os.environ]
    if absent:
        pytest.skip(f"no real Docker Engine with a registry: {', '.join(absent)} not set")
    return Place("lab", os.environ["OPSBOT_REGISTRY"], os.environ["DOCKER_HOST"])


def sandbox(state: Path) -> Iterator[Place]:
    registry = sandbox_registry.start(state, places.log)
    images = Images()
    base_image.provide(images, registry.address)
    engine = sandbox_docker.start(images, places.log)
    yield Place("sandbox", registry.address, f"tcp://{engine.address}")
    engine.stop()
    registry.stop()


@pytest.fixture(scope="session")
def guarded(target: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with places.guarded(target, tmp_path_factory.mktemp("guarded")) as found:
        yield found


@pytest.fixture
def repository() -> str:
    return f"contract/{uuid.uuid4().hex[:12]}"


@pytest.fixture
def docker(target: Place) -> Iterator[DockerClient]:
    import docker as sdk

    engine = sdk.APIClient(base_url=target.engine, version="auto", timeout=120)
    yield DockerClient(engine, Registry(f"http://{target.registry}", patience=places.SHORT))
    engine.close()


@pytest.fixture
def yard(docker: DockerClient, repository: str, tmp_path: Path) -> Iterator[Yard]:
    found = Yard(docker, repository, tmp_path)
    yield found
    found.forget()


@pytest.fixture
def connect(target: Place, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Connect as an operator does, by an Airflow connection."""

    def made(
        host: str = target.registry, extra: dict[str, object] | None = None, **login: str
    ) -> DockerClient:
        fields = {
            "conn_type": "docker",
            "host": host,
            "extra": {"engine": target.engine, **(extra or {})},
        }
        monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_DOCKER", json.dumps(fields | login))
        return client.connect("opsbot_docker")

    return made


@pytest.fixture
def guarded_yard(
    guarded: Guarded, docker: DockerClient, repository: str, tmp_path: Path
) -> Iterator[Yard]:
    """A yard whose registry wants a login, which the registry's client has and the Engine lacks."""
    found = Yard(DockerClient(docker.engine, guarded.client()), repository, tmp_path)
    yield found
    found.forget()
