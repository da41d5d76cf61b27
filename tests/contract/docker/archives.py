"""Archives of a build, as Jenkins leaves them, and what their images must say of their origin."""

import hashlib
import io
import tarfile
import uuid
from pathlib import Path

RECIPE = "FROM scratch\nCOPY a /a\n"
COMMIT = "6c8a3f2e" * 5


def an_archive(
    folder: Path, *, gzipped: bool = False, text: str = "hello", dockerfile: str = RECIPE
) -> Path:
    target = folder / f"{uuid.uuid4().hex}.tar"
    with tarfile.open(target, "w:gz" if gzipped else "w") as tar:
        for path, content in {"Dockerfile": dockerfile, "a": text}.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content.encode()))
    return target


def labels_of(archive: Path, commit: str = COMMIT) -> dict[str, str]:
    return {
        "org.opencontainers.image.revision": commit,
        "org.opencontainers.image.version": "1.0.0",
        "io.opsbot.archive.sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
    }
