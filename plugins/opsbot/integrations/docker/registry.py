"""A registry over its HTTP API v2: what is stored under a name, byte by byte.

Nothing here believes a reply: digests are recomputed. Blobs may be handed out by another host,
which gets no login of the registry's.
"""

import hashlib
from contextlib import AbstractContextManager
from typing import Any

import requests

from opsbot.integrations import foreign_json, web
from opsbot.integrations.docker import blobs, manifests
from opsbot.integrations.docker.blobs import BlobStream
from opsbot.integrations.docker.logins import RegistryLogin
from opsbot.integrations.docker.manifests import Blob, Manifest
from opsbot.integrations.docker.names import TAG, ImageName
from opsbot.integrations.docker.registry_server import RegistryServer
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import StepFailed

MANIFEST_LIMIT = 4 * 1024 * 1024
CONFIG_LIMIT = 4 * 1024 * 1024
TAGS_PAGE = 1000
MOST_PAGES = 20


class Registry:
    """One registry as one user."""

    def __init__(
        self,
        address: str,
        *,
        user: str | None = None,
        password: str | None = None,
        token_server: str | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        login = RegistryLogin(
            address, user, password, token_server=token_server, clock=clock, patience=patience
        )
        self._server = RegistryServer(address, login, clock=clock, patience=patience)

    @property
    def host(self) -> str:
        """The host as it stands in image names."""
        return self._server.host

    def digest(self, image: ImageName) -> str | None:
        """Return the digest that the registry says a tag has, or None if there is no such tag."""
        response = self._server.ask("HEAD", _place(image, image.tag))
        response.close()
        return response.headers.get("Docker-Content-Digest") if response.ok else None

    def manifest(self, image: ImageName, reference: str | None = None) -> Manifest | None:
        """Return the manifest of a tag or digest, or None; its digest is computed here."""
        reference = reference or image.tag
        response = self._server.ask("GET", _place(image, reference))
        if response.status_code == 404:
            response.close()
            return None
        name = f"{image.host}/{image.repository}:{reference}"
        content = web.head(response, MANIFEST_LIMIT + 1)
        if len(content) > MANIFEST_LIMIT:
            raise StepFailed(f"The manifest of {name} is too large to be one.")
        found = manifests.parse(content, response.headers.get("Content-Type", ""), name)
        claimed = response.headers.get("Docker-Content-Digest", "")
        wanted = reference if reference.startswith("sha256:") else claimed
        if wanted.startswith("sha256:") and found.digest != wanted:
            raise StepFailed(
                f"The registry answers bytes of {found.digest} when asked for {name}, which it "
                f"says is {wanted}: the manifest is damaged. Push the image again."
            )
        return found

    def platform(self, image: ImageName, manifest: Manifest, wanted: str | None = None) -> Manifest:
        """Return the manifest of one platform: itself, or the wanted or first one of an index."""
        if not manifest.children:
            return manifest
        offered = {each.platform: each.digest for each in reversed(manifest.children)}
        digest = offered.get(wanted or manifest.children[0].platform)
        if digest is None:
            raise StepFailed(f"{image} is not made for {wanted}, but for {', '.join(offered)}.")
        return self.child(image, digest)

    def child(self, image: ImageName, digest: str) -> Manifest:
        """Return a manifest that an index names."""
        found = self.manifest(image, digest)
        if found is None or found.children:
            raise StepFailed(
                f"The index of {image} names {digest}, which is missing. Push it again, with the "
                "images of all platforms, or push the one for your platform alone."
            )
        return found

    def configuration(self, image: ImageName, manifest: Manifest) -> dict[str, Any]:
        """Return the configuration that a platform's manifest names; its digest is checked."""
        if manifest.config is None or manifest.config.size > CONFIG_LIMIT:
            raise StepFailed(f"The configuration of {image} is too large to be one.")
        try:
            found = foreign_json.read(self.content(image, manifest.config))
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise StepFailed(f"The configuration of {image} is no JSON object: it is no image.")
        return found

    def labels(self, image: ImageName, manifest: Manifest) -> dict[str, str]:
        """Return the labels in an image's configuration."""
        return labels_of(self.configuration(image, self.platform(image, manifest)))

    def tags(self, image: ImageName) -> list[str] | None:
        """Return the tags of a repository, or None where the registry knows none of its name."""
        found: list[str] = []
        query = {"n": str(TAGS_PAGE)}
        for _ in range(MOST_PAGES):
            response = self._server.ask("GET", f"v2/{image.repository}/tags/list", params=query)
            if response.status_code == 404:
                response.close()
                return None
            page = web.json_of(response, "The registry").get("tags") or []
            found += [tag for tag in page if isinstance(tag, str) and TAG.fullmatch(tag)]
            # Only the place to go on from is taken from the registry, never an address.
            if "next" not in response.links or not page:
                return found
            query = {"n": str(TAGS_PAGE), "last": str(page[-1])}
        raise StepFailed(f"{image.place} has more tags than are read; the registry needs tidying.")

    def opened(self, image: ImageName, blob: Blob) -> AbstractContextManager[BlobStream]:
        """Open a blob of any size."""
        return blobs.opened(self._server, image, blob, self._server.clock)

    def content(self, image: ImageName, blob: Blob) -> bytes:
        """Return a small blob's bytes; size and digest are what the manifest says."""
        with self.opened(image, blob) as stream:
            pieces = list(iter(lambda: stream.read(blobs.PIECE), b""))
            stream.finish()
        return b"".join(pieces)

    def store(self, image: ImageName, content: bytes) -> Blob:
        """Upload a blob, unless it is there, and return its digest and size."""
        blob = Blob(digest=f"sha256:{hashlib.sha256(content).hexdigest()}", size=len(content))
        place = f"v2/{image.repository}/blobs"
        there = self._server.ask("HEAD", f"{place}/{blob.digest}")
        there.close()
        if there.status_code == 200:
            return blob
        begun = self._server.ask("POST", f"{place}/uploads/")
        target = web.redirected(begun)
        _require(begun, 202, f"upload to {image.place}")
        kind = {"Content-Type": "application/octet-stream"}
        sent = self._server.ask(
            "PUT", target, params={"digest": blob.digest}, headers=kind, content=content
        )
        _require(sent, 201, f"upload to {image.place}")
        return blob

    def put(self, image: ImageName, manifest: Manifest) -> None:
        """Give a stored manifest another tag."""
        response = self._server.ask(
            "PUT",
            _place(image, image.tag),
            content=manifest.content,
            headers={"Content-Type": manifest.media_type},
        )
        _require(response, 201, f"tag {image}")


def _require(response: requests.Response, status: int, what: str) -> None:
    response.close()
    if response.status_code != status:
        raise StepFailed(f"The registry took no {what}: it answered {response.status_code}.")


def labels_of(configuration: dict[str, Any]) -> dict[str, str]:
    """Return the labels in a configuration."""
    match configuration.get("config"):
        case {"Labels": dict() as found}:
            return {str(name): str(value) for name, value in found.items()}
    return {}


def _place(image: ImageName, reference: str) -> str:
    return f"v2/{image.repository}/manifests/{reference}"
