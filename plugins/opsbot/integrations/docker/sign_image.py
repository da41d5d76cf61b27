"""Sign an image in the registry with the connection's key and store the signature as cosign does.

push_image signs what it pushes; this is for an image that was pushed without the key.
"""

from opsbot.capabilities.docker.sign_image import SignImage
from opsbot.integrations.docker import names, resolving, signatures, signing
from opsbot.integrations.docker.client import DockerClient
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class SignedImage(Value):
    """An image with a signature that was verified."""

    image: str
    digest: str
    """What is signed."""
    signature: str
    """Where the signatures of the image are stored: `host/name:sha256-....sig`."""
    key: str
    """The sha256 of the public key (DER)."""


def run(
    client: DockerClient, params: SignImage, *, digest: str | None = None, say: Say
) -> SignedImage:
    """Return the image once the registry has a valid signature of it by this key."""
    key = client.keys.signing()
    image = names.checked(client.registry.host, params.image_name, params.tag)
    digest = resolving.tagged(client.registry, image, digest).digest
    return SignedImage(
        image=str(image),
        digest=digest,
        signature=str(signatures.place_of(image, digest)),
        key=signing.sign(client.registry, image, digest, key, say),
    )
