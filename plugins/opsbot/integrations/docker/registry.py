"""A registry over its HTTP API v2: what is stored under a name, byte by byte.

Nothing here believes a reply: digests are recomputed. Blobs may be handed out by another host,
which gets no login of the registry's.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import requests

from opsbot.integrations import web
from opsbot.integrations.docker import manifests
from opsbot.integrations.docker.logins import RegistryLogin
from opsbot.integrations.docker.manifests import Blob, Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.waiting import Clock, Patience
from opsbot.vocabulary.errors import StepFailed, TryAgain

MANIFEST_LIMIT = 4 * 1024 * 1024
CONFIG_LIMIT = 8 * 1024 * 1024
MOST_REDIRECTS = 3


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
        self._login = RegistryLogin(user, password)
        self._server = web.Server(
            "The registry", address, auth=self._login, clock=clock, patience=patience
        )

    @property
    def host(self) -> str:
        """The host as it stands in image names."""
        return re.sub(r"^https?://", "", self._server.base_url)

    def digest(self, image: ImageName) -> str | None:
        """Return the digest that the registry says a tag has, or None if there is no such tag."""
        response = self._ask("HEAD", _place(image, image.tag))
        response.close()
        return response.headers.get("Docker-Content-Digest") if response.ok else None

    def manifest(self, image: ImageName, reference: str | None = None) -> Manifest | None:
        """Return the manifest of a tag or digest, or None; its digest is computed here."""
        reference = reference or image.tag
        response = self._ask("GET", _place(image, reference))
        if response.status_code == 404:
            response.close()
            return None
        name = f"{image.host}/{image.repository}:{reference}"
        content = web.head(response, MANIFEST_LIMIT + 1)
        if len(content) > MANIFEST_LIMIT:
            raise StepFailed(f"The manifest of {name} is too large to be one.")
        found = manifests.parse(content, response.headers.get("Content-Type", ""), name)
        if reference.startswith("sha256:") and found.digest != reference:
            raise StepFailed(f"The registry answers {found.digest} when asked for {name}.")
        return found

    def platform(self, image: ImageName, manifest: Manifest) -> Manifest:
        """Return the manifest of one platform: itself, or the preferred one of an index."""
        if not manifest.children:
            return manifest
        found = self.manifest(image, manifest.children[0])
        if found is None or found.children:
            raise StepFailed(
                f"The index of {image} names {manifest.children[0]}, which is missing."
            )
        return found

    def labels(self, image: ImageName, manifest: Manifest) -> dict[str, str]:
        """Return the labels in an image's configuration, whose digest is checked."""
        config = self.platform(image, manifest).config
        assert config is not None  # noqa: S101  an image's manifest has one
        if config.size > CONFIG_LIMIT:
            raise StepFailed(f"The configuration of {image} is too large to be one.")
        content = b"".join(self._content(image, config))
        body: dict[str, Any] = json.loads(content)
        return dict((body.get("config") or {}).get("Labels") or {})

    def check(self, image: ImageName, blob: Blob) -> None:
        """Read a blob to its end and fail unless size and digest are what the manifest says."""
        for _ in self._content(image, blob):
            pass

    def put(self, image: ImageName, manifest: Manifest) -> None:
        """Give a stored manifest another tag."""
        response = self._ask(
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
            response = self._ask("GET", address, headers={"Accept-Encoding": "identity"})
            if response.status_code == 404:
                raise StepFailed(f"{image} is incomplete: the registry lacks {blob.digest}.")
            if response.status_code < 300:
                return response
            address = urljoin(address, response.headers.get("Location", ""))
            response.close()
        raise StepFailed(f"The registry redirects {blob.digest} of {image} without end.")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> requests.Response:
        wanted = {"Accept": manifests.ACCEPT} | (headers or {})

        def once() -> requests.Response:
            if method == "GET":
                return self._server.get(path, headers=wanted)
            return self._server.send(method, path, headers=wanted, content=content)

        response = once()
        if response.status_code == 401 and self._login.answer(response):
            response.close()
            response = once()
        if response.status_code < 400 or response.status_code == 404:
            return response
        raise _refusal(response, path)


def _place(image: ImageName, reference: str) -> str:
    return f"v2/{image.repository}/manifests/{reference}"


def _refusal(response: requests.Response, path: str) -> StepFailed | TryAgain:
    status, place = response.status_code, f"The registry answered {response.status_code} for {path}"
    response.close()
    match status:
        case 401:
            return StepFailed(f"{place}: check the connection's login and password.")
        case 403:
            return StepFailed(f"{place}: the connection's user lacks rights on this repository.")
        case 429:
            return TryAgain(f"{place}: too many requests; it may be asked again later.")
        case _ if status >= 500:
            return TryAgain(f"{place}: it has a fault of its own.")
        case _:
            return StepFailed(f"{place}: it does not accept what was asked.")
