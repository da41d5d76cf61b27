"""What the registry keeps, as files: blobs by digest, uploads under way, manifests, tags.

A tag is a file with a digest in it. A blob is stored once, and each repository it was uploaded or
mounted to has a link. Every file appears under its name only when it is complete.
"""

import hashlib
import re
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = re.compile(
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
)
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
UPLOAD = re.compile(r"[0-9a-f-]{36}")


class Damaged(Exception):
    """A file of the registry does not hold what it must."""


@dataclass(frozen=True)
class StoredManifest:
    """A manifest's very bytes, their type and digest."""

    digest: str
    media_type: str
    content: bytes


class Storage:
    """A folder with all that was pushed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        for inner in ("blobs", "uploads", "repositories"):
            (folder / inner).mkdir(parents=True, exist_ok=True)

    def blob(self, name: str, digest: str) -> Path | None:
        """Return the file of a blob that was uploaded or mounted to a repository, or None."""
        if not DIGEST.fullmatch(digest):
            return None
        file, link = self._folder / "blobs" / digest[7:], self._link(name, digest)
        return file if link.exists() and file.exists() else None

    def mount(self, name: str, digest: str, source: str) -> bool:
        """Give a repository a blob of another one; False where that has none of the digest."""
        if not REPOSITORY.fullmatch(source) or self.blob(source, digest) is None:
            return False
        self._give(name, digest)
        return True

    def begin(self) -> str:
        """Begin an upload and return its name."""
        upload = str(uuid.uuid4())
        (self._folder / "uploads" / upload).touch()
        return upload

    def size(self, upload: str) -> int | None:
        """Return how many bytes an upload has so far, or None where there is none."""
        file = self._upload(upload)
        return file.stat().st_size if file else None

    def append(self, upload: str, pieces: Iterable[bytes]) -> None:
        """Add bytes to an upload."""
        with (self._folder / "uploads" / upload).open("ab") as file:
            for piece in pieces:
                file.write(piece)

    def finish(self, name: str, upload: str, digest: str) -> bool:
        """Make an upload a repository's blob; False, and it is gone, if its digest is another."""
        file = self._folder / "uploads" / upload
        with file.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if f"sha256:{found}" != digest:
            file.unlink()
            return False
        file.replace(self._folder / "blobs" / found)
        self._give(name, digest)
        return True

    def drop(self, upload: str) -> None:
        """Forget an upload."""
        (self._folder / "uploads" / upload).unlink(missing_ok=True)

    def put(self, name: str, media_type: str, content: bytes, tag: str | None) -> str:
        """Store a manifest, point a tag at it, and return its digest."""
        found = hashlib.sha256(content).hexdigest()
        place = self._repository(name)
        with self._lock:
            (place / "tags").mkdir(parents=True, exist_ok=True)
            (place / "manifests").mkdir(exist_ok=True)
            _write(place / "manifests" / found, media_type.encode() + b"\n" + content)
            if tag:
                _write(place / "tags" / tag, f"sha256:{found}".encode())
        return f"sha256:{found}"

    def manifest(self, name: str, reference: str) -> StoredManifest | None:
        """Return the manifest of a tag or digest, or None."""
        place = self._repository(name)
        if TAG.fullmatch(reference) and (tag := place / "tags" / reference).exists():
            reference = tag.read_text()
            if not DIGEST.fullmatch(reference):
                raise Damaged(tag)
        if not DIGEST.fullmatch(reference):
            return None
        file = place / "manifests" / reference[7:]
        if not file.exists():
            return None
        media_type, _, content = file.read_bytes().partition(b"\n")
        return StoredManifest(reference, media_type.decode(), content)

    def delete(self, name: str, digest: str) -> bool:
        """Delete a manifest and the tags that point at it; False where there is none."""
        place = self._repository(name)
        file = place / "manifests" / digest[7:]
        with self._lock:
            if not file.exists():
                return False
            for tag in (place / "tags").iterdir():
                if tag.read_text() == digest:
                    tag.unlink()
            file.unlink()
        return True

    def tags(self, name: str) -> list[str] | None:
        """Return the tags of a repository, or None where nothing was pushed under its name."""
        place = self._repository(name) / "tags"
        return sorted(file.name for file in place.iterdir()) if place.exists() else None

    def repositories(self) -> list[str]:
        """Return the names that were pushed to."""
        top = self._folder / "repositories"
        return sorted(str(place.parents[1].relative_to(top)) for place in top.rglob("@/manifests"))

    def _repository(self, name: str) -> Path:
        # A repository may lie below another; no segment of a name is `@`.
        return self._folder / "repositories" / name / "@"

    def _link(self, name: str, digest: str) -> Path:
        return self._repository(name) / "blobs" / digest[7:]

    def _give(self, name: str, digest: str) -> None:
        link = self._link(name, digest)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.touch()

    def _upload(self, upload: str) -> Path | None:
        file = self._folder / "uploads" / upload
        return file if UPLOAD.fullmatch(upload) and file.exists() else None


def _write(file: Path, content: bytes) -> None:
    partial = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    partial.write_bytes(content)
    partial.replace(file)
