"""Check an image in the registry independently of what the push replied.

The digest is recomputed from the manifest's bytes; each layer's digest and size is checked. A
signature is verified where a key is configured, and otherwise "not measured".
"""

from typing import Literal

from opsbot.capabilities.capability import NOTHING_TO_UNDO, Capability
from opsbot.capabilities.docker.image_names import TaggedRepository
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class VerifyImage(Value):
    """Which image to verify."""

    image_name: TaggedRepository
    """Repository with tag: `myorg/my-application:v1.0.0-prod`."""
    check_layers: Literal[True] = True
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
