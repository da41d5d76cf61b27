"""verify_image on images that no Docker Engine of ours made: OCI, zstd, several platforms."""

import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import unpacking, verify_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from opsbot.integrations.docker.verify_image import VerifiedImage
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.registry.images import (
    DOCKER,
    DOCKER_IMAGE,
    OCI,
    OCI_IMAGE,
    image_of,
    stored,
    stored_index,
)
from tests.contract.registry.places import SHORT, Place

CONFIG = "/app/config/production.json"
FILES = {CONFIG.lstrip("/"): "{}"}


def verify(registry: Registry, repository: str, **changes: object) -> VerifiedImage:
    params = VerifyImage.model_validate({"image_name": f"{repository}:v1"} | changes)
    return verify_image.run(DockerClient(None, registry), params, say=silent)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        (OCI_IMAGE, OCI),
        (OCI_IMAGE, f"{OCI}+gzip"),
        (OCI_IMAGE, f"{OCI}+zstd"),
        (DOCKER_IMAGE, DOCKER),
    ],
)
def test_layers_are_verified_however_they_are_packed(
    registry: Registry, repository: str, kind: str, media_type: str
) -> None:
    image = image_of(registry, repository)
    layers = ((media_type, FILES), (media_type, {"app/.wh.old": ""}))
    manifest = stored(registry, image, *layers, kind=kind)

    verified = verify(registry, repository, files={CONFIG: None})

    assert (verified.digest, verified.layers) == (manifest.digest, 2)
    assert verified.files == {CONFIG: hashlib.sha256(b"{}").hexdigest()}
    with pytest.raises(StepFailed, match="has no file /app/old"):
        verify(registry, repository, files={"/app/old": None})


def test_every_platform_of_an_index_is_verified_and_the_index_is_deployed(
    registry: Registry, repository: str
) -> None:
    image = image_of(registry, repository)
    zstd, own = (f"{OCI}+zstd", FILES), (f"{OCI}+gzip", {"bin": "arm"})
    usual = stored(registry, image.tagged("a"), zstd, kind=OCI_IMAGE)
    other = stored(registry, image.tagged("b"), zstd, own, architecture="arm64", kind=OCI_IMAGE)
    index = stored_index(registry, image, arm64=other, amd64=usual)

    verified = verify(registry, repository, files={CONFIG: None})

    assert verified.reference == image.at(index.digest)
    assert verified.platforms == ("linux/amd64", "linux/arm64")
    assert verified.layers == 2
    with pytest.raises(StepFailed, match="has no file /bin"):
        verify(registry, repository, files={"/bin": None})


def test_a_platform_that_was_deleted_is_missing(
    registry: Registry, repository: str, url: str
) -> None:
    image = image_of(registry, repository)
    usual = stored(registry, image.tagged("a"), (OCI, FILES), kind=OCI_IMAGE)
    other = stored(registry, image.tagged("b"), (OCI, {}), architecture="arm64", kind=OCI_IMAGE)
    stored_index(registry, image, amd64=usual, arm64=other)
    requests.delete(f"{url}/{repository}/manifests/{other.digest}")

    with pytest.raises(StepFailed, match=f"names {other.digest}, which is missing"):
        verify(registry, repository)


def test_s16_a_layer_that_is_a_bomb_is_not_read_to_its_end(
    registry: Registry, repository: str
) -> None:
    zeros = {"zeros": "\0" * (unpacking.UNSUSPICIOUS + 1)}
    manifest = stored(registry, image_of(registry, repository), (f"{OCI}+zstd", zeros))

    with pytest.raises(StepFailed, match="unpacks to more than"):
        verify(registry, repository)
    assert manifest.layers[0].size < 100_000


@pytest.fixture
def forgetful_proxy(target: Place) -> Iterator[str]:
    """A proxy in front of the registry that drops what it does not know, `Accept` too."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = requests.get(f"http://{target.registry}{self.path}", headers={"Accept": ""})
            self.send_response(answer.status_code)
            for name in ("Content-Type", "Docker-Content-Digest"):
                self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_answer_of_the_old_schema_is_refused_with_what_to_do(
    registry: Registry, repository: str, forgetful_proxy: str, target: Place
) -> None:
    if target.name != "lab":
        pytest.skip("the sandbox's registry never speaks the old schema")
    stored(registry, image_of(registry, repository))

    with pytest.raises(StepFailed, match=r"schema 1; .*must let the header Accept through"):
        verify(Registry(forgetful_proxy, patience=SHORT), repository)
