"""List what a build archived; or fetch one file and return its size, sha256 and, if short, text."""

import hashlib

from opsbot.capabilities.jenkins.get_build_artifacts import GetBuildArtifacts
from opsbot.integrations.jenkins import artifacts, builds
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import of_log
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

MOST_TEXT = 32 * 1024
"""Bytes of a file that is shown as text."""


class ArchivedFile(Value):
    """A file of a build, as it was fetched."""

    path: str
    size: int
    """Bytes."""
    sha256: str
    text: str | None
    """With secrets masked; None: too long, or no text."""


class BuildArtifacts(Value):
    """What a build archived."""

    job: str
    build_number: int
    complete: bool
    """False while the build runs: more may come."""
    paths: tuple[str, ...]
    left_off: int
    """Further ones, beyond the limit."""
    file: ArchivedFile | None
    """The one that was asked for."""


def run(client: JenkinsClient, params: GetBuildArtifacts, *, say: Say) -> BuildArtifacts:
    """Return the list, and the file if a path names one."""
    build = builds.require(client, params.job_name, params.build_number)
    file = _fetched(client, build, params.path, params.max_bytes) if params.path else None
    say(f"{build.name} archived {len(build.artifacts)} files.")
    return BuildArtifacts(
        job=build.job,
        build_number=build.number,
        complete=build.over,
        paths=build.artifacts[: params.limit],
        left_off=max(0, len(build.artifacts) - params.limit),
        file=file,
    )


def _fetched(client: JenkinsClient, build: Build, path: str, limit: int) -> ArchivedFile:
    if path not in build.artifacts:
        yet = "" if build.over else " so far"
        raise StepFailed(f"{build.name} archived no file {path!r}{yet}. List its artifacts first.")
    digest, size, kept = hashlib.sha256(), 0, bytearray()
    for chunk in artifacts.chunks(client, build.job, build.number, path, limit):
        digest.update(chunk)
        size += len(chunk)
        kept += chunk[: max(0, MOST_TEXT + 1 - len(kept))]
    text = _text(bytes(kept)) if size <= MOST_TEXT else None
    return ArchivedFile(path=path, size=size, sha256=digest.hexdigest(), text=text)


def _text(content: bytes) -> str | None:
    try:
        words = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in words else of_log(words)
