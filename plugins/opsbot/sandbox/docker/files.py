"""The files of a context or a layer, and layers as bytes.

A context comes from outside: an entry whose path or link leaves the context, a device or a context
that is too large is refused. A layer is written the same way each time (sorted, no times, no
owners), so equal files are the same layer.
"""

import gzip
import hashlib
import io
import posixpath
import tarfile
from dataclasses import dataclass
from typing import IO, Protocol, cast

from opsbot.sandbox.docker.problems import refusal

MOST_FILES = 20_000
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """One entry: a folder (no content), a file, or a symbolic link."""

    mode: int
    content: bytes | None = None
    link: str | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.content is None and self.link is None


Files = dict[str, File]
"""Entries by their path, without a leading slash."""
FOLDER = File(0o755)


@dataclass(frozen=True)
class Layer:
    """A layer as it is stored and pushed."""

    diff_id: str
    digest: str
    content: bytes
    """The gzipped tar."""
    size: int
    """Bytes of the files in it."""


class Stream(Protocol):
    """What a tar is read from."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer only at the end."""


def unpack(stream: Stream) -> Files:
    """Read a context; `Refusal` 400 where it is no tar or not a safe one."""
    files: Files = {}
    size = 0
    try:
        with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|*") as tar:
            for count, member in enumerate(tar):
                size += max(0, member.size)
                if size > MOST_BYTES or count >= MOST_FILES:
                    raise refusal(
                        413, f"the context has over {MOST_BYTES} bytes or is too many files"
                    )
                if path := _safe(member.name, member.name):
                    files[path] = _file(tar, member, path)
    except (tarfile.TarError, EOFError, OSError) as fault:
        raise refusal(400, f"Error processing tar file: {fault}") from None
    return files


def _file(tar: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> File:
    mode = member.mode & 0o777
    if member.isdir():
        return File(mode)
    if member.issym():
        _safe(posixpath.join(posixpath.dirname(path), member.linkname), member.name)
        return File(0o777, link=member.linkname)
    content = tar.extractfile(member) if member.isfile() else None
    if content is None:
        raise refusal(400, f"{member.name!r} in the context is no file, folder or symbolic link")
    return File(mode, content.read())


def _safe(path: str, named: str) -> str:
    """Return a path below the context's top, "" for the top itself."""
    clean = posixpath.normpath(path)
    if clean.startswith(("/", "../")) or clean == ".." or "\0" in clean:
        raise refusal(400, f"{named!r} leads out of the build context")
    return "" if clean == "." else clean


def pack(files: Files) -> Layer:
    """Write a layer."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(files):
            _add(tar, path, files[path])
    plain = buffer.getvalue()
    content = gzip.compress(plain, mtime=0)
    size = sum(len(file.content or b"") for file in files.values())
    return Layer(_digest(plain), _digest(content), content, size)


def stored(plain: bytes, content: bytes, digest: str) -> Layer:
    """Return a layer that a registry had: its plain tar, and the gzipped one with its digest."""
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        size = sum(member.size for member in tar)
    return Layer(_digest(plain), digest, content, size)


def _add(tar: tarfile.TarFile, path: str, file: File) -> None:
    member = tarfile.TarInfo(path)
    member.mode = file.mode
    if file.link is not None:
        member.type, member.linkname = tarfile.SYMTYPE, file.link
    elif file.content is None:
        member.type = tarfile.DIRTYPE
    else:
        member.size = len(file.content)
    tar.addfile(member, io.BytesIO(file.content or b""))


def parents(path: str) -> list[str]:
    """Return the folders above a path, the topmost first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
