"""Images of the Engine: configuration and layers by digest, and the names that point at them.

An image's ID is the digest of its configuration, which names its layers by the digest of their
plain tar. No time is in it: the same content is the same image, today and tomorrow.
"""

import hashlib
import json
import platform
import threading
from dataclasses import dataclass, field
from typing import Any

from opsbot.sandbox.docker.files import Layer

Config = dict[str, Any]
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
EPOCH = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Image:
    """One image: its configuration as JSON and its layers."""

    config: Config
    layers: tuple[Layer, ...]
    pulled: bytes | None = None
    """The configuration's bytes as a registry had them, for an image that came from one."""

    @property
    def content(self) -> bytes:
        """The configuration's bytes, as they are pushed."""
        return (
            self.pulled or json.dumps(self.config, sort_keys=True, separators=(",", ":")).encode()
        )

    @property
    def id(self) -> str:
        """The digest of the configuration."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(layer.size for layer in self.layers)

    @property
    def settings(self) -> Config:
        """What a container of it is started with."""
        return dict(self.config["config"])


def architecture() -> str:
    """Return this machine's architecture as images spell it."""
    return ARCHITECTURES.get(platform.machine(), platform.machine())


def new() -> Image:
    """Return the image that is nothing: `FROM scratch`."""
    settings: Config = {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"]}
    rootfs = {"type": "layers", "diff_ids": []}
    config = {"architecture": architecture(), "os": "linux", "created": EPOCH}
    return Image(config | {"config": settings, "rootfs": rootfs, "history": []}, ())


def changed(image: Image, by: str, layer: Layer | None = None, **settings: Any) -> Image:
    """Return the image after one instruction."""
    step: Config = {"created": EPOCH, "created_by": by}
    history = [*image.config["history"], step if layer else step | {"empty_layer": True}]
    diff_ids = [*image.config["rootfs"]["diff_ids"], *([layer.diff_id] if layer else [])]
    config = image.config | {
        "config": image.config["config"] | settings,
        "history": history,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }
    return Image(config, (*image.layers, *([layer] if layer else [])))


def normal(name: str) -> str:
    """Return a name with its tag; without one it is `latest`."""
    return name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:latest"


@dataclass
class Images:
    """The images of a running Engine."""

    known: dict[str, Image] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    pushed: dict[str, list[str]] = field(default_factory=dict)
    """Repository digests by image ID."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, name: str) -> Image | None:
        """Return the image of a name, a digest, an ID or the ID's first digits."""
        with self.lock:
            by_digest = (id for id, pushed in self.pushed.items() if name in pushed)
            if id := self.names.get(normal(name)) or next(by_digest, None):
                return self.known[id]
            wanted = name.removeprefix("sha256:")
            found = [id for id in self.known if id[7:].startswith(wanted)] if wanted else []
            return self.known[found[0]] if len(wanted) >= 4 and len(found) == 1 else None

    def keep(self, image: Image, *names: str) -> None:
        """Keep an image under names; a name that another image had moves."""
        with self.lock:
            self.known[image.id] = image
            self.names.update(dict.fromkeys(map(normal, names), image.id))

    def names_of(self, image: Image) -> list[str]:
        """Return the names that point at an image."""
        with self.lock:
            return sorted(name for name, id in self.names.items() if id == image.id)

    def remember_push(self, image: Image, reference: str) -> None:
        """Remember the digest an image has in a registry."""
        with self.lock:
            known = self.pushed.setdefault(image.id, [])
            if reference not in known:
                known.append(reference)

    def drop(self, name: str) -> list[dict[str, str]] | None:
        """Take a name away, and the image with its last name; None where there is none."""
        image = self.find(name)
        if image is None:
            return None
        gone = [normal(name)] if normal(name) in self.names else self.names_of(image)
        with self.lock:
            for each in gone:
                del self.names[each]
            if image.id in self.names.values():
                return [{"Untagged": each} for each in gone]
            del self.known[image.id]
            self.pushed.pop(image.id, None)
        return [*({"Untagged": each} for each in gone), {"Deleted": image.id}]
