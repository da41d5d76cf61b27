"""A registry that stores what it is given and can be told to lie or to be particular."""

import hashlib
import json
from typing import Any

from loopback import Reply, Request

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class ScriptedRegistry:
    """The repository `team/app` of one registry."""

    def __init__(self, labels: dict[str, str] | None = None) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}
        self.asked: list[Request] = []
        self.challenge: str | None = None
        self.accepts = "Bearer issued"
        self.refuses: int | None = None
        self.lying_digest: str | None = None
        self.labels = labels or {"made": "here"}
        config = self.blob(json.dumps({"config": {"Labels": self.labels}}).encode())
        self.layers = [self.blob(b"layer one"), self.blob(b"layer two")]
        self.digest = self.store(
            "v1",
            MANIFEST,
            {"schemaVersion": 2, "config": config, "layers": self.layers},
        )

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
