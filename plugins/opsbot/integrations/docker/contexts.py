"""The archive of a build, looked through before a Docker Engine gets it as its build context.

A Docker Engine unpacks what it is sent, often as root. An archive with a path or a link that leads
out, a device, or more in it than a source tree has, is refused here, where nothing is unpacked.
"""

import posixpath
from pathlib import Path

from opsbot.integrations.docker.tar_entries import Entry, Kind, Tar
from opsbot.integrations.docker.unpacking import Packing, Unpacked
from opsbot.vocabulary.errors import StepFailed

NAME = "The build's archive"
GZIP = b"\x1f\x8b"
MOST_BYTES = 8 * 1024**3
"""Of the files in it."""


def checked(archive: Path) -> Packing:
    """Return how an archive is packed; `StepFailed` where it is no safe tar."""
    with archive.open("rb") as file:
        packing = Packing.GZIP if file.read(2) == GZIP else Packing.NONE
        file.seek(0)
        for entry in Tar(Unpacked(file, packing, NAME, limit=MOST_BYTES), NAME):
            _require_safe(entry)
    return packing


def _require_safe(entry: Entry) -> None:
    if entry.kind is Kind.OTHER:
        raise StepFailed(f"{NAME} has the device {entry.path[:200]!r}. Build it without.")
    if entry.kind is Kind.SYMLINK:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), entry.link))
        if target.startswith(("/", "../")) or target == "..":
            raise StepFailed(
                f"{NAME} has a link that leads out of it: {entry.path[:200]!r} to "
                f"{entry.link[:200]!r}. Let it lead to a file of the archive."
            )
