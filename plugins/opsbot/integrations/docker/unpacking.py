"""Unpack a stream as it is read: gzip, zstd or nothing, never more than a limit.

A few megabytes can unpack to terabytes. So what comes out is asked for piece by piece, hashed and
counted, and a stream that gives far more than it takes, or more than an image may have, ends.
"""

import gzip
import hashlib
import zlib
from enum import Enum

import zstandard

from opsbot.integrations.docker.tar_entries import Readable
from opsbot.vocabulary.errors import StepFailed

MOST_UNPACKED = 32 * 1024**3
"""Bytes of an image's files together."""
UNSUSPICIOUS = 256 * 1024**2
"""Bytes that a stream may unpack to, however small it is."""
LARGEST_RATIO = 200
"""Beyond that, bytes out for each byte in."""
LARGEST_WINDOW = 128 * 1024**2
"""Memory that a zstd frame may ask for: what `zstd` itself takes without being told otherwise."""


class Packing(Enum):
    """How a stream is compressed."""

    NONE = "uncompressed"
    GZIP = "gzip"
    ZSTD = "zstd"


class Unpacked:
    """The plain bytes of a compressed stream."""

    def __init__(
        self, packed: Readable, packing: Packing, name: str, limit: int = MOST_UNPACKED
    ) -> None:
        self._packed = _Counted(packed)
        self._plain: Readable = _opened(self._packed, packing)
        self._packing, self._name, self._limit = packing, name, limit
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int, /) -> bytes:
        """Return some of the plain bytes that are left, at most `size`; none at the end."""
        try:
            piece = self._plain.read(size)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError):
            raise StepFailed(
                f"{self._name} cannot be unpacked: it is said to be {self._packing.value}."
            ) from None
        self._digest.update(piece)
        self.size += len(piece)
        suspicious = self.size > max(UNSUSPICIOUS, LARGEST_RATIO * self._packed.size)
        if suspicious or self.size > self._limit:
            raise StepFailed(
                f"{self._name} unpacks to more than {self.size} bytes from {self._packed.size}: "
                "that is not read on. Find out what fills it."
            )
        return piece

    def digest(self) -> str:
        """Read to the end and return the sha256 of all plain bytes, as digests are written."""
        while self.read(1024 * 1024):
            pass
        return f"sha256:{self._digest.hexdigest()}"


class _Counted:
    def __init__(self, stream: Readable) -> None:
        self._stream, self.size = stream, 0

    def read(self, size: int = 256 * 1024, /) -> bytes:
        piece = self._stream.read(size)
        self.size += len(piece)
        return piece


def _opened(packed: _Counted, packing: Packing) -> Readable:
    match packing:
        case Packing.NONE:
            return packed
        case Packing.GZIP:
            return gzip.GzipFile(fileobj=packed)  # type: ignore[call-overload, no-any-return]
        case Packing.ZSTD:
            decoder = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
            return decoder.stream_reader(packed, read_across_frames=True)  # type: ignore[arg-type]
