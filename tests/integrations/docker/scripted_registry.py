"""A registry that stores what it is given and can be told to lie or to be particular."""

import gzip
import hashlib
import io
import json
import tarfile
from typing import Any

from loopback import Reply, Request

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar"
INDEX = "application/vnd.oci.image.index.v1+json"


def a_tar(files: dict[str, bytes]) -> bytes:
    return tar_of(*(a_file(path, content) for path, content in files.items()))


def a_file(path: str, content: bytes = b"") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(path)
    member.size = len(content)
    return member, content


def an_entry(path: str, kind: bytes, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(path)
    member.type, member.linkname = kind, link
    return member, b""


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for member, content in members:
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class ScriptedRegistry:
    """The repository `team/app` of one registry."""

    def __init__(self, labels: dict[str, str] | None = None) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}
        self.diff_ids: dict[str, str] = {}
        self.asked: list[Request] = []
        self.challenge: str | None = None
        self.accepts = "Bearer issued"
        self.refuses: int | None = None
        self.lying_digest: str | None = None
        self.labels = labels or {"made": "here"}
        self.layers = [self.layer(a_tar({"one": b"1"})), self.layer(a_tar({"two": b"2"}))]
        self.digest = self.store_image("v1", self.layers)

    def store_image(
        self, tag: str, layers: list[dict[str, Any]], media_type: str = MANIFEST, **changes: Any
    ) -> str:
        """Store an image of these layers, with what else is in its configuration."""
        rootfs = {"type": "layers", "diff_ids": [self.diff_ids[each["digest"]] for each in layers]}
        described = {"os": "linux", "architecture": "amd64", "config": {"Labels": self.labels}}
        config = self.blob(json.dumps(described | {"rootfs": rootfs} | changes).encode())
        body = {"schemaVersion": 2, "config": config, "layers": layers}
        return self.store(tag, media_type, body)

    def layer(
        self, plain: bytes, packed: bytes | None = None, media_type: str = f"{LAYER}.gzip"
    ) -> dict[str, Any]:
        """Store a layer, gzipped where it is not packed already, and return its descriptor."""
        described = self.blob(gzip.compress(plain, mtime=0) if packed is None else packed)
        self.diff_ids[described["digest"]] = digest_of(plain)
        return {"mediaType": media_type, **described}

    def blob(self, content: bytes) -> dict[str, Any]:
        self.blobs[digest_of(content)] = content
        return {"digest": digest_of(content), "size": len(content)}

    def store(self, tag: str, media_type: str, body: dict[str, Any]) -> str:
        content = json.dumps(body).encode()
        self.manifests[tag] = self.manifests[digest_of(content)] = (media_type, content)
        return digest_of(content)

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.path == "/token":
            return Reply(body={"token": "issued"})
        if self.challenge and request.headers.get("Authorization") != self.accepts:
            return Reply(401, headers={"WWW-Authenticate": self.challenge})
        if self.refuses:
            return Reply(self.refuses)
        place, _, name = request.path.rpartition("/")
        if place == "/v2/team/app/blobs":
            return Reply(body=self.blobs[name]) if name in self.blobs else Reply(404)
        if request.method == "PUT":
            self.manifests[name] = (request.headers["Content-Type"], request.body)
            return Reply(201)
        if name not in self.manifests:
            return Reply(404)
        media_type, content = self.manifests[name]
        headers = {
            "Content-Type": media_type,
            "Docker-Content-Digest": self.lying_digest or digest_of(content),
        }
        return Reply(body=content, headers=headers)
