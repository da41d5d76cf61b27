"""Two registries for one suite: the real one of a lab, and the sandbox's.

Beside the open registry there is a guarded one, which wants a login and whose files the tests may
damage: that is how a registry comes to answer 401, 500, or other bytes than it promises.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from opsbot.integrations.docker.registry import Registry
from opsbot.integrations.waiting import Patience
from opsbot.sandbox.registry import guards
from opsbot.sandbox.registry import server as sandbox_registry

USER, PASSWORD = "bot", "secret"
HTPASSWD = "bot:$2b$04$t1EHUqK6yPyNn/zfgV2HUO/CU1BahYSlDhnjZhetzxEKU3XEf4NN6\n"
START_SECONDS = 20
SHORT = Patience(total=1, first=0.2, longest=0.5)


@dataclass(frozen=True)
class Place:
    """Where a Docker Engine and its registry are."""

    name: str
    registry: str
    engine: str


@dataclass(frozen=True)
class Guarded:
    """A registry that wants a login, with the folder that it keeps everything in."""

    address: str
    folder: Path
    real: bool

    def client(self, user: str | None = USER, password: str | None = PASSWORD) -> Registry:
        return Registry(f"http://{self.address}", user=user, password=password, patience=SHORT)

    def tag_file(self, repository: str, tag: str) -> Path:
        """The file that says which digest a tag means."""
        if self.real:
            top = self.folder / "docker/registry/v2/repositories"
            return top / repository / f"_manifests/tags/{tag}/current/link"
        return self.folder / "repositories" / repository / f"@/tags/{tag}"

    def blob_file(self, digest: str) -> Path:
        """The file with a blob's bytes."""
        if self.real:
            top = self.folder / "docker/registry/v2/blobs/sha256"
            return top / digest[7:9] / digest[7:] / "data"
        return self.folder / "blobs" / digest[7:]

    def manifest_file(self, repository: str, digest: str) -> Path:
        """The file that ends with a manifest's bytes."""
        if self.real:
            return self.blob_file(digest)
        return self.folder / "repositories" / repository / "@/manifests" / digest[7:]


def log(words: str) -> None:
    print(words, file=sys.stderr)


@contextmanager
def guarded(place: Place, folder: Path) -> Iterator[Guarded]:
    """Start a registry that wants a login."""
    if place.name == "lab":
        (folder / "htpasswd").write_text(HTPASSWD)
        wanted = f"htpasswd: {{realm: registry, path: {folder / 'htpasswd'}}}"
        with real(folder, wanted) as address:
            yield Guarded(address, folder / "stored", real=True)
        return
    guard = guards.login(USER, PASSWORD)
    service = sandbox_registry.start(folder / "stored", log, guard)
    yield Guarded(service.address, folder / "stored", real=False)
    service.stop()


@contextmanager
def real(folder: Path, wanted: str) -> Iterator[str]:
    """Start a real registry that wants a login of some kind (YAML), and return its address."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "settings.yaml").write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder / 'stored'}}}}}\n"
        f"http: {{addr: '{address}'}}\nlog: {{level: error}}\n"
        f"auth: {{{wanted}}}\n"
    )
    with (folder / "log").open("wb") as output:
        command = [program, "serve", str(folder / "settings.yaml")]
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            requests.get(f"http://{address}/v2/", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the registry at {address} did not start")
