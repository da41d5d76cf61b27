"""A registry over its HTTP API v2: what is stored under a name, byte by byte.

Nothing here believes a reply: digests are recomputed. Blobs may be handed out by another host,
which gets no login of the registry's.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import requests

from opsbot.integrations import web
from opsbot.integrations.docker import manifests
from opsbot.integrations.docker.manifests import Blob, Manifest
from opsbot.integrations.docker.names import TAG, ImageName
from opsbot.integrations.docker.registry_server import RegistryServer
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import StepFailed, TryAgain

MANIFEST_LIMIT = 4 * 1024 * 1024
CONFIG_LIMIT = 8 * 1024 * 1024
MOST_REDIRECTS = 3
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
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._server = RegistryServer(
            address, user=user, password=password, clock=clock, patience=patience
        )

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
        found = self.manifest(image, digest)
        if found is None or found.children:
            raise StepFailed(
                f"The index of {image} names {digest}, which is missing. Push it again."
            )
        return found

    def configuration(self, image: ImageName, manifest: Manifest) -> dict[str, Any]:
        """Return the configuration that a platform's manifest names; its digest is checked."""
        if manifest.config is None or manifest.config.size > CONFIG_LIMIT:
            raise StepFailed(f"The configuration of {image} is too large to be one.")
        try:
            found = json.loads(self.content(image, manifest.config))
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

    def check(self, image: ImageName, blob: Blob) -> None:
        """Read a blob to its end and fail unless size and digest are what the manifest says."""
        for _ in self._content(image, blob):
            pass

    def content(self, image: ImageName, blob: Blob) -> bytes:
        """Return a small blob's bytes; size and digest are what the manifest says."""
        return b"".join(self._content(image, blob))

    def store(self, image: ImageName, content: bytes) -> Blob:
        """Upload a blob, unless it is there, and return its digest and size."""
        blob = Blob(digest=f"sha256:{hashlib.sha256(content).hexdigest()}", size=len(content))
        place = f"v2/{image.repository}/blobs"
        there = self._server.ask("HEAD", f"{place}/{blob.digest}")
        there.close()
        if there.status_code == 200:
            return blob
        begun = self._server.ask("POST", f"{place}/uploads/")
        begun.close()
        target = urljoin(self._server.url(f"{place}/uploads/"), begun.headers.get("Location", ""))
        kind = {"Content-Type": "application/octet-stream"}
        sent = self._server.ask(
            "PUT", target, params={"digest": blob.digest}, headers=kind, content=content
        )
        sent.close()
        if (begun.status_code, sent.status_code) != (202, 201):
            raise StepFailed(
                f"The registry took no upload to {image.place} "
                f"({begun.status_code}, {sent.status_code})."
            )
        return blob

    def put(self, image: ImageName, manifest: Manifest) -> None:
        """Give a stored manifest another tag."""
        response = self._server.ask(
            "PUT",
            _place(image, image.tag),
            content=manifest.content,
            headers={"Content-Type": manifest.media_type},
        )
        response.close()
        if response.status_code != 201:
            raise StepFailed(f"The registry refused the tag {image} ({response.status_code}).")

    def _content(self, image: ImageName, blob: Blob) -> Iterator[bytes]:
        response = self._blob(image, blob)
        digest, size = hashlib.sha256(), 0
        try:
            for chunk in response.iter_content(1024 * 1024):
                size += len(chunk)
                if size > blob.size:
                    break
                digest.update(chunk)
                yield chunk
        except requests.RequestException as fault:
            raise TryAgain(
                f"{blob.digest} of {image} broke off ({type(fault).__name__})."
            ) from None
        finally:
            response.close()
        if size != blob.size or f"sha256:{digest.hexdigest()}" != blob.digest:
            raise StepFailed(
                f"{image} is damaged in the registry: {blob.digest} has other bytes. Push it again."
            )

    def _blob(self, image: ImageName, blob: Blob) -> requests.Response:
        address = self._server.url(f"v2/{image.repository}/blobs/{blob.digest}")
        for _ in range(MOST_REDIRECTS):
            response = self._server.ask("GET", address, headers={"Accept-Encoding": "identity"})
            if response.status_code == 404:
                raise StepFailed(f"{image} is incomplete: the registry lacks {blob.digest}.")
            if response.status_code < 300:
                return response
            address = urljoin(address, response.headers.get("Location", ""))
            response.close()
        raise StepFailed(f"The registry redirects {blob.digest} of {image} without end.")


def labels_of(configuration: dict[str, Any]) -> dict[str, str]:
    """Return the labels in a configuration."""
    match configuration.get("config"):
        case {"Labels": dict() as found}:
            return {str(name): str(value) for name, value in found.items()}
    return {}


def _place(image: ImageName, reference: str) -> str:
    return f"v2/{image.repository}/manifests/{reference}"
