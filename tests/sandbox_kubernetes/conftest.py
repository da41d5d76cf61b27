"""One sandbox cluster with its registry for all tests here; a namespace for each."""

from collections.abc import Iterator

import pytest

from opsbot.sandbox.kubernetes import server
from opsbot.sandbox.kubernetes.server import Handle
from opsbot.sandbox.registry import server as registry
from tests.sandbox_kubernetes.stage import Stage
from tests.sandbox_kubernetes.yard import Yard


@pytest.fixture(scope="session")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    service = registry.start(tmp_path_factory.mktemp("registry"), print)
    yield Yard(service.address)
    service.stop()


@pytest.fixture(scope="session")
def handle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handle]:
    complaints: list[str] = []
    started = server.start(tmp_path_factory.mktemp("kubernetes"), complaints.append)
    yield started
    started.stop()
    assert complaints == []


@pytest.fixture
def stage(handle: Handle) -> Iterator[Stage]:
    opened = Stage(handle)
    yield opened
    opened.close()
