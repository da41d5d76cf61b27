"""The node's images: pulled once, kept unpacked by digest, copied for each container."""

import json
import shutil
import tarfile
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

from opsbot.sandbox.kubernetes.images import layers, references, registry
from opsbot.sandbox.kubernetes.images.references import Reference
from opsbot.sandbox.kubernetes.images.registry import Manifest, PullFailed
from opsbot.sandbox.kubernetes.problems import Json


@dataclass(frozen=True)
class Image:
    """An unpacked image; its root is not to be changed."""

    reference: str
    identity: str
    root: Path
    configuration: Json
    size: int


class Cache:
    """The images of the node."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._known: dict[str, Image] = {}
        self._lock = threading.Lock()

    def get(self, text: str) -> Image | None:
        """Return an image that is present."""
        return self._known.get(text)

    def pull(self, text: str) -> Image:
        """Ask the registry for an image, and unpack it if it is new."""
        reference = references.parse(text)
        found = registry.manifest(reference)
        with self._lock:
            root = self._place / found.digest.replace(":", "-")
            if not root.exists():
                self._unpack(reference, found, root)
            document = json.loads((root / "config.json").read_text("utf-8"))
            identity = f"{reference.repository}@{found.digest}"
            image = Image(text, identity, root / "root", document.get("config") or {}, found.size)
            self._known[text] = image
            return image

    def _unpack(self, reference: Reference, found: Manifest, root: Path) -> None:
        """Unpack beside the final place, so that half an image never looks whole."""
        draft = self._place / f"draft-{uuid.uuid4().hex}"
        (draft / "root").mkdir(parents=True)
        try:
            registry.blob(reference, found.configuration, draft / "config.json")
            for digest, _ in found.layers:
                archive = draft / "layer"
                registry.blob(reference, digest, archive)
                layers.unpack(archive, draft / "root")
                archive.unlink()
            draft.rename(root)
        except (layers.UnsafeLayer, tarfile.TarError) as fault:
            text = f'failed to pull and unpack image "{reference.text}": '
            raise PullFailed(f"{text}failed to extract layer: {fault}") from fault
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def check_name(self, text: str) -> None:
        """Refuse a reference that no registry could know."""
        references.parse(text)
