"""Unpacking layers: tar archives laid over each other, with whiteouts for what is deleted.

An archive is foreign data. A member whose path leaves the root, or that goes through a symbolic
link out of it, is refused; devices are left out; owners and special mode bits are not taken over.
"""

import shutil
import tarfile
from pathlib import Path, PurePosixPath

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"


class UnsafeLayer(Exception):
    """A layer that would write outside its root."""


def unpack(archive: Path, root: Path) -> None:
    """Lay one layer over what is in `root`."""
    root = root.resolve()
    directories: list[tuple[Path, int]] = []
    # "r:*" reads plain and gzipped archives alike.
    with tarfile.open(archive, "r:*") as members:
        for member in members:
            _place(members, member, root, directories)
    for path, mode in reversed(directories):
        path.chmod(mode)


def _place(
    members: tarfile.TarFile,
    member: tarfile.TarInfo,
    root: Path,
    directories: list[tuple[Path, int]],
) -> None:
    target = inside(root, member.name)
    if target == root:
        return
    if target.name == _OPAQUE:
        _empty(target.parent)
    elif target.name.startswith(_WHITEOUT):
        _remove(target.with_name(target.name.removeprefix(_WHITEOUT)))
    elif member.isdir():
        if target.is_symlink() or not target.is_dir():
            _remove(target)
            target.mkdir(parents=True)
        directories.append((target, member.mode & 0o777 | 0o700))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(target)
        _place_file(members, member, root, target)


def _place_file(
    members: tarfile.TarFile, member: tarfile.TarInfo, root: Path, target: Path
) -> None:
    if member.issym():
        target.symlink_to(member.linkname)
    elif member.islnk():
        shutil.copy2(inside(root, member.linkname), target, follow_symlinks=False)
    elif member.isfile():
        content = members.extractfile(member)
        if content is not None:
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file)
            target.chmod(member.mode & 0o777 | 0o600)


def inside(root: Path, name: str) -> Path:
    """Return a member's place, or refuse one that is not in the root."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", ".")]
    if ".." in parts:
        raise UnsafeLayer(f"layer member {name!r} leaves the root of the image")
    place = root.joinpath(*parts)
    if parts and not place.parent.resolve().is_relative_to(root):
        raise UnsafeLayer(f"layer member {name!r} goes through a link out of the image")
    return place


def _empty(directory: Path) -> None:
    for child in directory.iterdir() if directory.is_dir() else []:
        _remove(child)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
