"""Read what a registry stores under a digest, as it comes, in bounded memory and time.

A registry may hand blobs out from another host, which gets no login. Nothing of a blob is worth
anything before its end: only there size and digest are known.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3

from opsbot.integrations import web
from opsbot.integrations.docker.manifests import Blob
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry_server import RegistryServer
from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.errors import StepFailed, TryAgain

MOST_REDIRECTS = 3
PIECE = 1024 * 1024
PATIENCE = 60
"""Seconds that a blob may take, however small it is."""
SLOWEST = 128 * 1024
"""Bytes a second; a blob that comes more slowly is given up."""


class BlobStream:
    """The bytes of one blob."""

    def __init__(self, response: requests.Response, image: ImageName, blob: Blob, clock: Clock):
        self._response, self._image, self._blob, self._clock = response, image, blob, clock
        self._size, self._digest = 0, hashlib.sha256()
        self._end = clock.now() + PATIENCE + blob.size / SLOWEST

    def read(self, size: int, /) -> bytes:
        """Return some of the bytes that are left, at most `size`; none at the end."""
        if self._clock.now() > self._end:
            raise TryAgain(f"{self._blob.digest} of {self._image} comes too slowly.")
        try:
            piece = self._response.raw.read1(min(size, PIECE), decode_content=False) or b""
        except (urllib3.exceptions.HTTPError, OSError) as fault:
            kind = type(fault).__name__
            raise TryAgain(f"{self._blob.digest} of {self._image} broke off ({kind}).") from None
        self._size += len(piece)
        if self._size > self._blob.size:
            raise self._damaged()
        self._digest.update(piece)
        return bytes(piece)

    def finish(self) -> None:
        """Read what is left, and fail unless size and digest are what the manifest says."""
        while self.read(PIECE):
            pass
        found = f"sha256:{self._digest.hexdigest()}"
        if (self._size, found) != (self._blob.size, self._blob.digest):
            raise self._damaged()

    def _damaged(self) -> StepFailed:
        return StepFailed(
            f"{self._image} is damaged in the registry: {self._blob.digest} has other bytes. "
            "Push it again."
        )


@contextmanager
def opened(
    server: RegistryServer, image: ImageName, blob: Blob, clock: Clock
) -> Iterator[BlobStream]:
    """Open a blob; its reader must `finish` it to know that it is the right one."""
    response = _found(server, image, blob)
    try:
        yield BlobStream(response, image, blob, clock)
    finally:
        response.close()


def _found(server: RegistryServer, image: ImageName, blob: Blob) -> requests.Response:
    address = server.url(f"v2/{image.repository}/blobs/{blob.digest}")
    for _ in range(MOST_REDIRECTS + 1):
        response = server.ask("GET", address, headers={"Accept-Encoding": "identity"})
        if response.status_code == 404:
            response.close()
            raise StepFailed(f"{image} is incomplete: the registry lacks {blob.digest}.")
        if response.status_code < 300:
            return response
        address = web.redirected(response)
    raise StepFailed(f"The registry redirects {blob.digest} of {image} without end.")
