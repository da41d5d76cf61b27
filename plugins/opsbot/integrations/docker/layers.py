"""One layer of an image: what it adds, changes and removes among the files that somebody asks for.

A layer is a tar of changes. A file `.wh.x` removes `x` of the layers below; `.wh..wh..opq` removes
all that they have in its folder (https://github.com/opencontainers/image-spec/blob/main/layer.md).
Only the paths of interest are kept, however many the layer has.
"""

import hashlib
import posixpath
from dataclasses import dataclass, field

from opsbot.integrations.docker.manifests import Layer
from opsbot.integrations.docker.tar_entries import Entry, Kind, Tar
from opsbot.integrations.docker.unpacking import Packing
from opsbot.vocabulary.errors import StepFailed

OPAQUE, WHITEOUT, AUFS = ".wh..wh..opq", ".wh.", ".wh..wh."
_OCI, _DOCKER = "application/vnd.oci.image.layer.v1.tar", "application/vnd.docker.image.rootfs.diff"
_PACKINGS = {
    _OCI: Packing.NONE,
    f"{_OCI}+gzip": Packing.GZIP,
    f"{_OCI}+zstd": Packing.ZSTD,
    f"{_DOCKER}.tar": Packing.NONE,
    f"{_DOCKER}.tar.gzip": Packing.GZIP,
    f"{_DOCKER}.tar.zstd": Packing.ZSTD,
}
_ELSEWHERE = ("nondistributable", "rootfs.foreign")


@dataclass(frozen=True)
class Seen:
    """What a layer has at a path."""

    kind: Kind
    link: str = ""
    sha256: str = ""
    """Of a file's content."""


FOLDER = Seen(Kind.FOLDER)


@dataclass
class Changes:
    """What a layer does to the paths of interest."""

    entries: dict[str, Seen] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    """Paths that the layers below no longer have."""
    emptied: set[str] = field(default_factory=set)
    """Folders in which the layers below no longer have anything."""

    def hides(self, path: str) -> bool:
        """Tell whether the layers below no longer count for a path."""
        if path in self.removed:
            return True
        return any(
            folder in self.removed
            or folder in self.emptied
            or self.entries.get(folder, FOLDER).kind is not Kind.FOLDER
            for folder in above(path)
        )


def packing_of(layer: Layer, name: str) -> Packing:
    """Return how a layer is compressed; `StepFailed` where it cannot be read."""
    if packing := _PACKINGS.get(layer.media_type):
        return packing
    if any(word in layer.media_type for word in _ELSEWHERE):
        raise StepFailed(
            f"{name} is kept outside of the registry ({layer.media_type}) and cannot be verified. "
            "Build on an image whose layers are all in a registry."
        )
    raise StepFailed(
        f"{name} is of the type {layer.media_type!r}, which is not read: layers are tar archives, "
        "uncompressed or compressed with gzip or zstd. Push the image with one of those."
    )


def changes(tar: Tar, interest: frozenset[str]) -> Changes:
    """Read a layer to its end and return what it does to the paths of interest."""
    found, before = Changes(), None
    for entry in tar:
        folder, name = posixpath.split(entry.path)
        if name.startswith(WHITEOUT):
            _remove(found, folder, name, interest)
            continue
        if entry.path in interest:
            found.entries[entry.path] = _seen(tar, entry)
        if folder != before and interest:
            _imply(found, folder, interest)
            before = folder
    return found


def _imply(found: Changes, folder: str, interest: frozenset[str]) -> None:
    """Note the folders above an entry, which an archive need not list."""
    for each in (folder, *above(folder)):
        if each in interest:
            found.entries.setdefault(each, FOLDER)


def _seen(tar: Tar, entry: Entry) -> Seen:
    if entry.kind is not Kind.FILE:
        return Seen(entry.kind, entry.link)
    digest = hashlib.sha256()
    for piece in tar.content():
        digest.update(piece)
    return Seen(Kind.FILE, sha256=digest.hexdigest())


def _remove(found: Changes, folder: str, name: str, interest: frozenset[str]) -> None:
    if name == OPAQUE:
        found.emptied |= {folder} & interest
    elif not name.startswith(AUFS):
        found.removed |= {posixpath.join(folder, name.removeprefix(WHITEOUT))} & interest


def above(path: str) -> list[str]:
    """Return the folders above a path, the root "" first."""
    parts = path.split("/")[:-1]
    return ["", *("/".join(parts[: count + 1]) for count in range(len(parts)))] if path else []
