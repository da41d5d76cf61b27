"""Check an image in the registry independently of what the push replied.

The digest is recomputed from the manifest's bytes; each layer's digest, size and diff id (the
sha256 of its plain tar) is checked. Named files are looked up in the layers, as a container would
see them. A signature is verified where a key is configured, and otherwise "not measured".
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.docker.image_names import TaggedRepository
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind

MOST_FILES = 32


def _file(path: str) -> str:
    names = path.removeprefix("/").removeprefix("./").split("/")
    if not path.isprintable() or any(name in ("", ".", "..") for name in names):
        raise ValueError("name a file by its path, `./config/production.json`, without `..`")
    return path


FilePath = Annotated[str, Field(max_length=1024), AfterValidator(_file)]
"""`/app/config/production.json`, or from the image's working folder `./config/production.json`."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class VerifyImage(Value):
    """Which image to verify."""

    image_name: TaggedRepository
    """Repository with tag: `myorg/my-application:v1.0.0-prod`."""
    check_layers: Literal[True] = True
    files: Annotated[dict[FilePath, Sha256 | None], Field(max_length=MOST_FILES)] = Field(
        default_factory=dict, exclude_if=lambda files: not files
    )
    """Files that the image must have, each with the sha256 of its content, or null for any.

    A step that asks for none shows no such argument.
    """
    verify_signature: bool = True
    """Verify where a key is configured."""


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="verify_image",
    params=VerifyImage,
    risk=Risk.LOW,
    duration=Span(min=0, max=60),
    changes=False,
    undo=NOTHING_TO_UNDO,
    summary="Verify image exists",
    what_it_does="Confirms image exists in registry, verifies integrity, checks image layers",
)
