"""One suite over two registries: a real one, and the sandbox's."""

import os
import uuid
from collections.abc import Iterator

import pytest

from opsbot.integrations.docker.registry import Registry
from opsbot.sandbox.registry import server as sandbox_registry
from tests.contract.registry import places
from tests.contract.registry.places import Guarded, Place


@pytest.fixture(scope="session", params=["lab", "sandbox"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    if request.param == "lab":
        if "OPSBOT_REGISTRY" not in os.environ:
            pytest.skip("no real registry: OPSBOT_REGISTRY not set")
        yield Place("lab", os.environ["OPSBOT_REGISTRY"], os.environ.get("DOCKER_HOST", ""))
        return
    service = sandbox_registry.start(tmp_path_factory.mktemp("registry"), places.log)
    yield Place("sandbox", service.address, "")
    service.stop()


@pytest.fixture(scope="session")
def guarded(target: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with places.guarded(target, tmp_path_factory.mktemp("guarded")) as found:
        yield found


@pytest.fixture(scope="session")
def url(target: Place) -> str:
    return f"http://{target.registry}/v2"


@pytest.fixture
def registry(target: Place) -> Registry:
    return Registry(f"http://{target.registry}")


@pytest.fixture
def repository() -> str:
    return f"contract/{uuid.uuid4().hex[:12]}"
