"""Images for tests, made by hand and pushed into the sandbox's registry over its HTTP API."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from typing import Any

import httpx

SERVER = """\
const http = require('http');
const server = http.createServer((request, response) => response.end(process.env.VERSION || '1'));
server.listen(8080, process.env.HOST, () => console.log('listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
"""
Member = tuple[tarfile.TarInfo, bytes]


def file(name: str, content: str = "", mode: int = 0o644) -> Member:
    """A regular file of a layer."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content.encode()), mode
    return member, content.encode()


def link(name: str, target: str) -> Member:
    """A symbolic link of a layer."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member, b""


def layer(members: Iterable[Member]) -> bytes:
    """A gzipped layer."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), mtime=0)


class Yard:
    """Pushes images to one registry."""

    def __init__(self, host: str) -> None:
        self.host = host

    def push(
        self, tag: str, *layers: bytes, name: str = "app", sabotage: str = "", **config: Any
    ) -> str:
        """Push an image and return its reference; `sabotage` lies about that layer's digest."""
        digests = [self._blob(name, each) for each in layers]
        settings = {"WorkingDir": "/app", "Cmd": ["node", "server.js"], **config}
        document = json.dumps({"architecture": "amd64", "os": "linux", "config": settings})
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": _described("config.v1+json", self._blob(name, document.encode()), 1),
            "layers": [
                _described("layer.v1.tar+gzip", sabotage or digest, len(raw))
                for digest, raw in zip(digests, layers, strict=True)
            ],
        }
        answer = httpx.put(
            f"http://{self.host}/v2/{name}/manifests/{tag}",
            content=json.dumps(manifest),
            headers={"Content-Type": manifest["mediaType"]},
        )
        answer.raise_for_status()
        return f"{self.host}/{name}:{tag}"

    def node(self, tag: str, script: str = SERVER, **config: Any) -> str:
        """Push an image with one script that node runs."""
        return self.push(tag, layer([file("app/server.js", script)]), **config)

    def _blob(self, name: str, content: bytes) -> str:
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        started = httpx.post(f"http://{self.host}/v2/{name}/blobs/uploads/")
        place = httpx.URL(f"http://{self.host}").join(started.headers["Location"])
        place = place.copy_add_param("digest", digest)
        httpx.put(place, content=content).raise_for_status()
        return digest


def _described(kind: str, digest: str, size: int) -> dict[str, Any]:
    return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": digest, "size": size}
