"""COPY: which files of the context go where in the image.

A folder is copied as its content. A pattern may match several sources; several sources need a
destination that ends with a slash.
"""

import posixpath
from fnmatch import fnmatchcase

from opsbot.sandbox.docker.files import FOLDER, File, Files, parents
from opsbot.sandbox.docker.problems import BuildFailed

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def copied(context: Files, words: list[str], folder: str, keyword: str) -> Files:
    """Return the new files of the image, the folders above them included."""
    flags = [word for word in words if word.startswith("--")]
    if flags:
        raise BuildFailed(f"{keyword} {flags[0]} is not supported by the sandbox's Docker Engine")
    if len(words) < 2:
        raise BuildFailed(f"{keyword} requires at least two arguments")
    *sources, target = words
    found = [path for source in sources for path in _matching(context, source, keyword)]
    if len(found) > 1 and not target.endswith("/"):
        raise BuildFailed(
            f"When using {keyword} with more than one source file, the destination must be a "
            "directory and end with a /"
        )
    made: Files = {}
    for path in found:
        made |= _placed(context, path, target, folder)
    return made


def _matching(context: Files, source: str, keyword: str) -> list[str]:
    if keyword == "ADD" and ("://" in source or source.endswith(ARCHIVES)):
        raise BuildFailed(
            f"ADD of {source} is not supported by the sandbox's Docker Engine: use COPY"
        )
    wanted = posixpath.normpath(source.lstrip("/"))
    if wanted == ".." or wanted.startswith("../"):
        raise BuildFailed(f"{keyword} failed: forbidden path outside the build context: {source}")
    if wanted == ".":
        return [""]
    known = set(context) | {folder for path in context for folder in parents(path)}
    found = sorted(path for path in known if _matches(path, wanted))
    if not found:
        raise BuildFailed(
            f"{keyword} failed: file not found in build context or excluded by .dockerignore: "
            f"stat {source}: file does not exist"
        )
    return found


def _matches(path: str, pattern: str) -> bool:
    names, patterns = path.split("/"), pattern.split("/")
    return len(names) == len(patterns) and all(map(fnmatchcase, names, patterns))


def _placed(context: Files, source: str, target: str, folder: str) -> Files:
    place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    file = context.get(source, FOLDER)
    if not file.is_folder:
        name = posixpath.basename(source)
        path = (
            posixpath.join(place, name) if target.endswith(("/", "/.")) or target == "." else place
        )
        return _with_parents(path, file)
    inside = {
        path[len(source) :].lstrip("/"): each
        for path, each in context.items()
        if source == "" or path.startswith(f"{source}/")
    }
    made: Files = _with_parents(place, FOLDER) if place else {}
    for path, each in inside.items():
        made |= _with_parents(posixpath.join(place, path), each)
    return made


def _with_parents(path: str, file: File) -> Files:
    return dict.fromkeys(parents(path), FOLDER) | {path: file}
