"""Images put together by hand, as other builders push them."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable

import zstandard

from opsbot.integrations.docker import manifests
from opsbot.integrations.docker.manifests import Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry

OCI_IMAGE, DOCKER_IMAGE = manifests.IMAGE_TYPES
INDEX = manifests.INDEX_TYPES[0]
OCI = "application/vnd.oci.image.layer.v1.tar"
DOCKER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

PACKED: dict[str, Callable[[bytes], bytes]] = {
    OCI: bytes,
    f"{OCI}+gzip": gzip.compress,
    f"{OCI}+zstd": zstandard.ZstdCompressor().compress,
    DOCKER: gzip.compress,
}


def image_of(registry: Registry, repository: str, tag: str = "v1") -> ImageName:
    return ImageName(host=registry.host, repository=repository, tag=tag)


def a_tar(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def stored(
    registry: Registry,
    image: ImageName,
    *layers: tuple[str, dict[str, str]],
    architecture: str = "amd64",
    kind: str = DOCKER_IMAGE,
) -> Manifest:
    """Store an image whose layers are of these types and have these files."""
    described, diff_ids = [], []
    for media_type, files in layers or ((DOCKER, {"app": image.repository}),):
        plain = a_tar(files)
        blob = registry.store(image, PACKED[media_type](plain))
        described.append({"mediaType": media_type, **blob.model_dump()})
        diff_ids.append(f"sha256:{hashlib.sha256(plain).hexdigest()}")
    configuration = {
        "os": "linux",
        "architecture": architecture,
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
        "history": [{"created_by": f"layer {number}"} for number, _ in enumerate(diff_ids)],
    }
    config = registry.store(image, json.dumps(configuration).encode())
    named = {"mediaType": "application/vnd.docker.container.image.v1+json", **config.model_dump()}
    body = {"schemaVersion": 2, "mediaType": kind, "config": named, "layers": described}
    manifest = manifests.parse(json.dumps(body).encode(), kind, str(image))
    registry.put(image, manifest)
    return manifest


def stored_index(registry: Registry, image: ImageName, **children: Manifest) -> Manifest:
    """Store an index of images by their architecture."""
    listed = [
        {
            "mediaType": each.media_type,
            "digest": each.digest,
            "size": len(each.content),
            "platform": {"os": "linux", "architecture": architecture},
        }
        for architecture, each in children.items()
    ]
    body = {"schemaVersion": 2, "mediaType": INDEX, "manifests": listed}
    index = manifests.parse(json.dumps(body).encode(), INDEX, str(image))
    registry.put(image, index)
    return index
