"""Read a tar from a stream, header by header, in bounded memory and time, writing nothing.

The standard library reads each header, and no more than that: its own reader keeps every entry in
memory, takes an extended header of any length, and follows a negative size backwards. Here an
entry's path is one below the root, so an archive with a path that leads out is refused, and so is
one with more entries than are read. Sizes that lie end at the end of the stream.
"""

import posixpath
import re
import tarfile
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, Protocol

from opsbot.vocabulary.errors import StepFailed

BLOCK = 512
PIECE = 256 * 1024
LARGEST_EXTENSION = 64 * 1024
"""Bytes of an extended header; real ones hold a long path or two."""
MOST_ENTRIES = 1_000_000
_RECORD = re.compile(rb"(\d{1,6}) ([^=\n]{1,256})=")


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """Return some of the bytes that are left, at most `size`; none at the end."""
        ...


class Kind(Enum):
    """What an entry is."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symbolic link"
    HARDLINK = "hard link"
    OTHER = "device"


_KINDS = {
    tarfile.REGTYPE: Kind.FILE,
    tarfile.AREGTYPE: Kind.FILE,
    tarfile.CONTTYPE: Kind.FILE,
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.SYMTYPE: Kind.SYMLINK,
    tarfile.LNKTYPE: Kind.HARDLINK,
    tarfile.CHRTYPE: Kind.OTHER,
    tarfile.BLKTYPE: Kind.OTHER,
    tarfile.FIFOTYPE: Kind.OTHER,
}
_TAKEN = frozenset(("path", "linkpath", "size"))
_LONG = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}


class Entry(NamedTuple):
    """One entry of an archive."""

    path: str
    """Below the root, without a leading slash; "" for the root itself."""
    kind: Kind
    link: str
    """Where a symbolic link leads, as written, or which path a hard link is another name of."""
    size: int


class Tar:
    """An archive that is read once, from its start to its end."""

    def __init__(self, stream: Readable, name: str, most: int = MOST_ENTRIES) -> None:
        self._stream, self._name, self._most = stream, name, most
        self._buffer, self._at, self._left, self._padding = b"", 0, 0, 0
        self.headers = 0
        """How many were read."""

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries; each one's `content` can be read until the next is asked for."""
        extended: dict[str, str] = {}
        while (header := self._header()) is not None:
            if header.type in _LONG or header.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
                extended |= self._extension(header)
            elif header.type == tarfile.XGLTYPE:
                self._extension(header)  # what a layer's every entry shares is no path
            else:
                entry = self._entry(header, extended)
                self._left, self._padding = entry.size, -entry.size % BLOCK
                yield entry
                for _ in self.content():
                    pass
                self._take(self._padding)
                extended = {}

    def content(self) -> Iterator[bytes]:
        """Yield what is left of the current entry's content."""
        while self._left:
            self._fill()
            piece = self._buffer[self._at : self._at + self._left]
            self._at += len(piece)
            self._left -= len(piece)
            yield piece

    def _header(self) -> tarfile.TarInfo | None:
        """Return the next header, None at the end of the archive."""
        self.headers += 1
        if self.headers > self._most:
            raise StepFailed(f"{self._name} has more than {self._most} entries; that is not read.")
        if self._at == len(self._buffer) and not self._filled():
            return None
        block = self._take(BLOCK)
        if block.count(0) == BLOCK:
            return None
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError) as fault:
            raise StepFailed(f"{self._name} is no tar archive ({fault}).") from None

    def _extension(self, header: tarfile.TarInfo) -> dict[str, str]:
        if not 0 <= header.size <= LARGEST_EXTENSION:
            raise StepFailed(
                f"{self._name} has an extended header of {header.size} bytes; that is not read."
            )
        content = self._take(header.size)
        self._take(-header.size % BLOCK)
        if name := _LONG.get(header.type):
            return {name: _text(content.rstrip(b"\0"))}
        return self._records(content)

    def _records(self, content: bytes) -> dict[str, str]:
        """Return what an extended header says of path, link and size."""
        found: dict[str, str] = {}
        at = 0
        while at < len(content) and content[at]:
            record = _RECORD.match(content, at)
            end = at + int(record[1]) if record else 0
            if record is None or not record.end() < end <= len(content):
                raise StepFailed(f"{self._name} has an extended header that cannot be read.")
            name = _text(record[2])
            if name.startswith("GNU.sparse"):
                raise StepFailed(f"{self._name} has sparse files, which are not read.")
            if name in _TAKEN:
                found[name] = _text(content[record.end() : end - 1])
            at = end
        return found

    def _entry(self, header: tarfile.TarInfo, extended: dict[str, str]) -> Entry:
        path = self._inside(extended.get("path", header.name))
        kind = _KINDS.get(header.type)
        if kind is None:
            raise StepFailed(f"{self._name} has an entry of the unknown type {header.type!r}.")
        link = extended.get("linkpath", header.linkname)
        size = header.size if kind is Kind.FILE else 0
        if kind is Kind.FILE and "size" in extended:
            size = int(extended["size"]) if re.fullmatch(r"\d{1,18}", extended["size"]) else -1
        if size < 0:
            raise StepFailed(f"{self._name} has an entry without a size that can be.")
        return Entry(path, kind, self._inside(link) if kind is Kind.HARDLINK else link, size)

    def _inside(self, path: str) -> str:
        """Return a path below the root; one that leads out of it is refused."""
        clean = posixpath.normpath(path.lstrip("/"))
        if clean == ".." or clean.startswith("../") or "\0" in path:
            raise StepFailed(
                f"{self._name} has an entry that leads out of it: {path[:200]!r}. Somebody made "
                "it to write elsewhere; find out who."
            )
        return "" if clean == "." else clean

    def _take(self, size: int) -> bytes:
        pieces = []
        while size:
            self._fill()
            piece = self._buffer[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _fill(self) -> None:
        if self._at == len(self._buffer) and not self._filled():
            raise StepFailed(f"{self._name} ends in the middle of an entry.")

    def _filled(self) -> bool:
        self._buffer, self._at = self._stream.read(PIECE), 0
        return bool(self._buffer)


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="surrogateescape")
