"""Read all of an image and find out whether it is what its manifest and configuration say.

Each layer's bytes must have the digest of the manifest, and its plain tar the diff id of the
configuration. On the way the files that somebody asks for are looked up; where a link of the image
leads to a path that was not looked for, the layers are read again, a few times at most.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opsbot.integrations.docker import file_tree, layers, tar_entries, unpacking
from opsbot.integrations.docker.file_tree import FileTree, NoFile, NotRead
from opsbot.integrations.docker.layers import Changes
from opsbot.integrations.docker.manifests import Layer, Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry
from opsbot.integrations.docker.tar_entries import Tar
from opsbot.integrations.docker.unpacking import Unpacked
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import Say

MOST_READINGS = 8
"""How often the layers of an image are read on account of its links."""

Described = dict[str, Any]
"""An image's configuration."""


@dataclass
class Budget:
    """What may yet be read of one image."""

    bytes: int = unpacking.MOST_UNPACKED
    entries: int = tar_entries.MOST_ENTRIES


class ImageReader:
    """Reads the images of one name; a layer that several of them share is read once."""

    def __init__(self, registry: Registry, image: ImageName, say: Say) -> None:
        self._registry, self._image, self._say = registry, image, say
        self._known: dict[tuple[str, str], tuple[frozenset[str], Changes]] = {}

    @property
    def layers(self) -> int:
        """How many different layers were read."""
        return len({digest for digest, _ in self._known})

    def read(
        self, manifest: Manifest, described: Described, wanted: Mapping[str, str | None]
    ) -> dict[str, str]:
        """Read an image's layers; return the sha256 of each wanted file, which must be so.

        A relative path begins at the image's working folder.
        """
        folder = _working_folder(described)
        places = {path: posixpath.join(folder, path.removeprefix("./")) for path in wanted}
        paths = {place.strip("/") for place in places.values()}
        for _ in range(MOST_READINGS):
            tree = self._tree(manifest, described, file_tree.interest_in(paths))
            try:
                found = {path: self._sha256(tree, place) for path, place in places.items()}
            except NotRead as link:
                paths.add(link.path)
            else:
                return self._required(found, wanted)
        raise StepFailed(
            f"{self._image} hides {', '.join(places.values())} behind too many links. Copy the "
            "file itself into the image."
        )

    def _tree(self, manifest: Manifest, described: Described, interest: frozenset[str]) -> FileTree:
        """Read the layers, the uppermost first."""
        diff_ids = _diff_ids(self._image, manifest, described)
        pairs = list(zip(manifest.layers, diff_ids, strict=True))
        budget = Budget()
        changes = [self._changes(*pair, interest, budget) for pair in reversed(pairs)]
        return FileTree(tuple(changes), interest)

    def _changes(
        self, layer: Layer, diff_id: str, interest: frozenset[str], budget: Budget
    ) -> Changes:
        known, changes = self._known.get((layer.digest, diff_id), (frozenset(), None))
        if changes is None or not interest <= known:
            self._say(f"Reading layer {layer.digest} ({layer.size} bytes).")
            changes = self._fetched(layer, diff_id, interest, budget)
            self._known[layer.digest, diff_id] = (interest, changes)
        return changes

    def _fetched(
        self, layer: Layer, diff_id: str, interest: frozenset[str], budget: Budget
    ) -> Changes:
        name = f"Layer {layer.digest} of {self._image}"
        packing = layers.packing_of(layer, name)
        with self._registry.opened(self._image, layer) as stored:
            plain = Unpacked(stored, packing, name, limit=budget.bytes)
            tar = Tar(plain, name, most=budget.entries)
            try:
                changes, found = layers.changes(tar, interest), plain.digest()
            except StepFailed:
                stored.finish()  # other bytes than the manifest's are the better reason
                raise
            stored.finish()
        if found != diff_id:
            raise StepFailed(
                f"{name} unpacks to {found}, and the image's configuration says {diff_id}: no "
                "Docker Engine made this image so. Build and push it anew."
            )
        budget.bytes -= plain.size
        budget.entries -= tar.headers
        return changes

    def _sha256(self, tree: FileTree, place: str) -> str:
        try:
            return tree.sha256(place)
        except NoFile as reason:
            raise StepFailed(
                f"{self._image} has no file {place}: {reason}. Does the Dockerfile copy it?"
            ) from None

    def _required(self, found: dict[str, str], wanted: Mapping[str, str | None]) -> dict[str, str]:
        for path, sha256 in found.items():
            if wanted[path] not in (None, sha256):
                raise StepFailed(
                    f"{path} in {self._image} has the sha256 {sha256}, and {wanted[path]} is "
                    "wanted: the image was made from other files. Build it anew."
                )
        return found


def _diff_ids(image: ImageName, manifest: Manifest, described: Described) -> list[str]:
    """Return the digests of the layers' plain tars, in the layers' order."""
    match described.get("rootfs"):
        case {"diff_ids": [*found]} if len(found) == len(manifest.layers):
            return [str(each) for each in found]
    raise StepFailed(
        f"The configuration of {image} does not name each layer's diff id: it is no image that a "
        "Docker Engine made. Build and push it anew."
    )


def _working_folder(described: Described) -> str:
    match described.get("config"):
        case {"WorkingDir": str(folder)} if folder:
            return posixpath.normpath(f"/{folder.lstrip('/')}")
    return "/"
