"""Sign an image in the registry with the organisation's key, in cosign's layout.

The signature is stored beside the image, under the tag `sha256-<digest>.sig`, and covers the
digest. Whoever has the public key can verify it with `cosign verify --key`.
"""

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.docker.image_names import Repository, Tag
from opsbot.vocabulary.model import Span, Value
from opsbot.vocabulary.words import Risk, ServerKind


class SignImage(Value):
    """Which image to sign."""

    image_name: Repository
    tag: Tag


CAPABILITY = Capability(
    server=ServerKind.DOCKER,
    name="sign_image",
    params=SignImage,
    risk=Risk.MEDIUM,
    duration=Span(min=0, max=30),
    changes=True,
    undo="delete the tag `sha256-<digest>.sig` in the registry; the image itself is untouched",
    summary="Sign image",
    what_it_does="Signs the image's digest with the key of the connection, as cosign does",
)
