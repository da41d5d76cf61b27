"""Parts of the sandbox, each started for a test and stopped after it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opsbot.sandbox.docker import base_image
from opsbot.sandbox.docker import server as docker
from opsbot.sandbox.docker.images import Images
from opsbot.sandbox.loopback import Service
from opsbot.sandbox.registry import server as registry


def log(words: str) -> None:
    print(words, file=sys.stderr)


@dataclass
class Engine:
    """A Docker Engine with its registry."""

    url: str
    registry: Service
    base: str


@pytest.fixture
def image_registry(tmp_path: Path) -> Iterator[Service]:
    service = registry.start(tmp_path / "registry", log)
    yield service
    service.stop()


@pytest.fixture
def engine(image_registry: Service) -> Iterator[Engine]:
    images = Images()
    base = base_image.provide(images, image_registry.address)
    service = docker.start(images, log)
    yield Engine(f"tcp://{service.address}", image_registry, base)
    service.stop()
