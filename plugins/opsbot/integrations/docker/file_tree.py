"""The files of an image as a container sees them: layer upon layer, links followed.

A path is followed name by name from the image's root, which no link leads out of. What a layer
says counts before the layers below it. Only paths of interest were read of the layers; where a
link leads to another one, the layers have to be read again with it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from opsbot.integrations.docker.layers import FOLDER, Changes, Seen, above
from opsbot.integrations.docker.tar_entries import Kind

MOST_LINKS = 40
"""As Linux follows them."""


class NotRead(Exception):
    """A link leads to a path that was not of interest when the layers were read."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


class NoFile(Exception):
    """There is no regular file at a path; the words say what there is."""


@dataclass(frozen=True)
class FileTree:
    """The layers of an image, the uppermost first, read with some paths of interest."""

    layers: tuple[Changes, ...]
    interest: frozenset[str]

    def sha256(self, path: str) -> str:
        """Return the sha256 of the file at a path below the root."""
        ahead, here, seen, links = deque(_names(path)), "", FOLDER, 0
        while ahead:
            name = ahead.popleft()
            if name == "..":
                here, seen = here.rpartition("/")[0], FOLDER
                continue
            place = f"{here}/{name}".lstrip("/")
            seen = self._at(place, ahead)
            if seen.kind is Kind.SYMLINK:
                links += 1
                if links > MOST_LINKS:
                    raise NoFile(f"it leads through more than {MOST_LINKS} links")
                ahead.extendleft(reversed(_names(seen.link)))
                here = "" if seen.link.startswith("/") else here
            elif ahead and seen.kind is not Kind.FOLDER:
                raise NoFile(f"/{place} is no folder")
            else:
                here = place
        if seen.kind is not Kind.FILE:
            raise NoFile(f"it is a {seen.kind.value}")
        return seen.sha256

    def _at(self, path: str, ahead: Iterable[str]) -> Seen:
        """Return what is at a path whose folders are none but folders."""
        depth = 0
        for _ in range(MOST_LINKS):
            seen, depth = self._upmost(path, depth, ahead)
            if seen.kind is not Kind.HARDLINK:
                return seen
            # Another name of a file of the same layer or one below; what is above came later.
            path = seen.link
        raise NoFile(f"it leads through more than {MOST_LINKS} links")

    def _upmost(self, path: str, depth: int, ahead: Iterable[str]) -> tuple[Seen, int]:
        """Return what the uppermost layer that counts has there, looking from `depth` downwards."""
        if path not in self.interest:
            raise NotRead("/".join((path, *ahead)))
        for number in range(depth, len(self.layers)):
            layer = self.layers[number]
            if path in layer.entries:
                return layer.entries[path], number
            if layer.hides(path):
                break
        raise NoFile("it is not there")


def interest_in(paths: Iterable[str]) -> frozenset[str]:
    """Return the paths to read of each layer in order to find the files at some paths."""
    return frozenset(each for path in paths for each in (path, *above(path)))


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]
