"""Names of images: host, repository, tag, and the reference by digest.

A tag is a name that can be moved; only `host/repository@sha256:...` always means the same bytes.
"""

import hashlib
import json
import re

from opsbot.capabilities.docker import image_names
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

REPOSITORY, TAG, DIGEST = map(
    re.compile, (image_names.REPOSITORY, image_names.TAG, image_names.DIGEST)
)
COMMIT = re.compile(r"[0-9a-f]{7,64}")
REVISION = "org.opencontainers.image.revision"
VERSION = "org.opencontainers.image.version"
ARCHIVE = "io.opsbot.archive.sha256"
RECIPE = "io.opsbot.recipe.sha256"


class ImageName(Value):
    """A repository of a registry and one of its tags."""

    host: str
    repository: str
    tag: str

    def __str__(self) -> str:
        return f"{self.place}:{self.tag}"

    @property
    def place(self) -> str:
        """The repository with its host, as a Docker Engine names it."""
        return f"{self.host}/{self.repository}"

    def tagged(self, tag: str) -> "ImageName":
        """Return the same repository with another tag."""
        return checked(self.host, self.repository, tag)

    def at(self, digest: str) -> str:
        """Return the reference that always means the same bytes."""
        return f"{self.place}@{digest}"


def checked(host: str, repository: str, tag: str) -> ImageName:
    """Return the name of an image; `Refused` if it is none."""
    if len(repository) > 255 or not REPOSITORY.fullmatch(repository):
        raise Refused(f"{repository!r} is no repository of a registry (lower case, `team/name`).")
    if not TAG.fullmatch(tag):
        raise Refused(f"{tag!r} is no tag of an image.")
    return ImageName(host=host, repository=repository, tag=tag)


def lasting(image: ImageName, labels: dict[str, str]) -> tuple[ImageName, ImageName]:
    """Return the names that are never moved: with the commit, and with all of the origin too.

    The second is for the rare image of the same commit that was made in another way.
    """
    commit = labels.get(REVISION, "")
    if not COMMIT.fullmatch(commit):
        raise Refused(f"The label {REVISION} must carry the commit the image is made from.")
    origin = hashlib.sha256(json.dumps(labels, sort_keys=True).encode()).hexdigest()
    short = image.tagged(f"{image.tag}-{commit[:7]}")
    return short, image.tagged(f"{short.tag}-{origin[:8]}")
