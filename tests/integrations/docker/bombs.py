"""Endless streams, each read in a process of its own that has little memory.

`python bombs.py NAME` reads one and prints why it was not read on.
"""

import gzip
import resource
import sys
import tarfile
from collections.abc import Iterator
from itertools import chain, count, repeat
from pathlib import Path

import zstandard

from opsbot.integrations.docker import layers
from opsbot.integrations.docker.tar_entries import Tar
from opsbot.integrations.docker.unpacking import Packing, Unpacked
from opsbot.vocabulary.errors import StepFailed

MEMORY = 192 * 1024**2
"""Bytes more than a process has that has read nothing."""
ZEROS = bytes(16 * 1024**2)
INTEREST = frozenset({"", "a", "app", "app/config.json"})


class Stream:
    """Pieces as a file that is only read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int, /) -> bytes:
        self._rest = self._rest or next(self._pieces, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def header(name: str = "a", size: int = 0, kind: bytes = tarfile.REGTYPE) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    return member.tobuf(tarfile.GNU_FORMAT)


def endless(first: bytes, then: bytes) -> Iterator[bytes]:
    return chain([first], repeat(then))


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def window(descriptor: bytes) -> bytes:
    """A zstd frame that asks for a window of gigabytes."""
    return b"\x28\xb5\x2f\xfd" + descriptor + bytes(64)


def extended_header(number: int) -> bytes:
    """A header of 60 kB with a name of its own."""
    record = f"60000 name{number:09}=".encode()
    content = record + b"x" * (60000 - len(record) - 1) + b"\n"
    return header("x", 60000, tarfile.XHDTYPE) + content + bytes(-60000 % 512)


HUGE = header(size=2**60)
BOMBS = {
    "gzip": (Packing.GZIP, endless(gzip.compress(HUGE), gzip.compress(ZEROS))),
    "zstd": (Packing.ZSTD, endless(zstd(HUGE), zstd(ZEROS))),
    "zstd-window": (Packing.ZSTD, iter([window(b"\x00\xa8")])),
    "zstd-one-segment": (Packing.ZSTD, iter([window(b"\xe0" + b"\xff" * 6 + b"\x00\x00")])),
    "entries": (Packing.NONE, repeat(header() * 64)),
    "names": (Packing.GZIP, repeat(gzip.compress(header() * 4096))),
    "extended-header": (Packing.NONE, endless(header("x", 2**35, tarfile.XHDTYPE), ZEROS)),
    "long-name": (Packing.NONE, endless(header("x", 2**62, tarfile.GNUTYPE_LONGNAME), ZEROS)),
    "global-header": (Packing.NONE, endless(header("x", 2**35, tarfile.XGLTYPE), ZEROS)),
    "extended-headers": (Packing.NONE, map(extended_header, count())),
    "digits": (
        Packing.NONE,
        iter([header("x", 60000, tarfile.XHDTYPE), b"1" * 60000 + bytes(512)]),
    ),
    "size": (Packing.NONE, endless(HUGE, ZEROS[: 1024**2])),
}


def main(name: str, most: str) -> None:
    packing, pieces = BOMBS[name]
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    plain = Unpacked(Stream(pieces), packing, "the layer", limit=2**29)
    try:
        layers.changes(Tar(plain, "the layer", most=int(most)), INTEREST)
    except StepFailed as refusal:
        print(refusal)


if __name__ == "__main__":
    main(*sys.argv[1:])
