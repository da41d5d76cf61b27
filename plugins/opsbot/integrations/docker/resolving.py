"""Find out what a tag means now: the manifest's very bytes, and no other image than was meant.

A step gets the digest that an earlier step found. Between the two, somebody may have moved the
tag; then nothing is done, and the person is told.
"""

from opsbot.integrations.docker.manifests import Manifest
from opsbot.integrations.docker.names import DIGEST, ImageName
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import Refused, StepFailed


def tagged(registry: Registry, image: ImageName, digest: str | None = None) -> Manifest:
    """Return the manifest of a tag; if a digest is given, the tag must mean it."""
    if digest is not None and not DIGEST.fullmatch(digest):
        raise Refused(f"{digest!r} is no digest of an image.")
    found = registry.manifest(image)
    if found is None:
        raise StepFailed(f"{image} is not in the registry; push it again.")
    if digest is not None and found.digest != digest:
        raise StepFailed(
            f"{image} means {found.digest} now, and {digest} was meant: somebody moved the tag. "
            "Find out who, then start again."
        )
    return found


def by_digest(registry: Registry, image: ImageName, digest: str) -> Manifest:
    """Return the manifest of a digest in an image's repository."""
    if not DIGEST.fullmatch(digest):
        raise Refused(f"{digest!r} is no digest of an image.")
    found = registry.manifest(image, digest)
    if found is None:
        raise StepFailed(f"{image.at(digest)} is not in the registry; push it again.")
    return found
