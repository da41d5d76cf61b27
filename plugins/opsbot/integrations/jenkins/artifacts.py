"""Fetch what a build archived, up to a limit, and say what the bytes were.

Jenkins may hand artifacts out from another host (a resource root, an object store). That host is
followed to, without the login. The bytes' own sha256 is returned; a file appears under its name
only when it is complete.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import requests

from opsbot.integrations import web
from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient, refusal
from opsbot.vocabulary.errors import StepFailed, TryAgain

MOST_REDIRECTS = 3
CHUNK = 1024 * 1024


def download(
    client: JenkinsClient, job: str, number: int, path: str, target: Path, *, limit: int
) -> str:
    """Write an artifact to `target` and return the sha256 of the bytes written."""
    partial = target.with_name(f"{target.name}.partial")
    digest = hashlib.sha256()
    try:
        with partial.open("wb") as file:
            for chunk in chunks(client, job, number, path, limit):
                digest.update(chunk)
                file.write(chunk)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest()


def content(client: JenkinsClient, job: str, number: int, path: str, *, limit: int) -> bytes:
    """Return a small artifact's bytes."""
    return b"".join(chunks(client, job, number, path, limit))


def chunks(client: JenkinsClient, job: str, number: int, path: str, limit: int) -> Iterator[bytes]:
    """Yield an artifact's bytes as they come; `StepFailed` beyond the limit."""
    response = _open(client, addresses.of_artifact(job, number, path))
    name = f"{path} of {job} #{number}"
    announced = response.headers.get("Content-Length")
    size = 0
    try:
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > limit:
                raise StepFailed(f"{name} is larger than {limit} bytes; that is not fetched.")
            yield chunk
    except requests.RequestException as fault:
        raise TryAgain(f"The download of {name} broke off ({type(fault).__name__}).") from None
    finally:
        response.close()
    encoded = "Content-Encoding" in response.headers
    if announced and not encoded and int(announced) != size:
        raise TryAgain(f"The download of {name} ended after {size} of {announced} bytes.")


def _open(client: JenkinsClient, path: str) -> requests.Response:
    """Return the open answer, following redirects; another host gets no login."""
    address = client.server.url(path)
    for _ in range(MOST_REDIRECTS + 1):
        response = client.server.get(address)
        if response.status_code == 200:
            return response
        if response.status_code not in (301, 302, 303, 307, 308):
            raise refusal(response, path)
        address = web.redirected(response)
    raise StepFailed(f"Jenkins redirects {path} without end.")
