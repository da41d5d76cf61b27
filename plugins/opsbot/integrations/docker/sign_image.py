"""Sign an image's digest with the connection's key and store the signature where cosign does.

An image that this key has signed already is left as it is. Other signatures stay beside the new
one. Afterwards the signature is read back from the registry and verified with the public half.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opsbot.capabilities.docker.sign_image import SignImage
from opsbot.integrations.docker import names, resolving, signatures
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.names import ImageName
from opsbot.vocabulary.errors import TryAgain
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
    public = key.public_key()
    image = names.checked(client.registry.host, params.image_name, params.tag)
    digest = resolving.tagged(client.registry, image, digest).digest
    if signatures.is_signed(client.registry, image, digest, public):
        say(f"{digest} is signed with this key already.")
    else:
        _sign(client, image, digest, key)
        say(f"{digest} is signed.")
    if not signatures.is_signed(client.registry, image, digest, public):
        raise TryAgain(
            f"The signature of {image} is not in the registry: another one was stored at the "
            "same moment."
        )
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SignedImage(
        image=str(image),
        digest=digest,
        signature=str(signatures.place_of(image, digest)),
        key=signatures.fingerprint(der),
    )


def _sign(
    client: DockerClient, image: ImageName, digest: str, key: EllipticCurvePrivateKey
) -> None:
    """Store a signature beside those that are there."""
    registry, place = client.registry, signatures.place_of(image, digest)
    document = signatures.payload(image, digest)
    signature = key.sign(document, ECDSA(hashes.SHA256()))
    layers = signatures.layers_of(registry.manifest(place))
    layers.append(signatures.layer(registry.store(place, document), signature))
    config = registry.store(place, signatures.configuration(layers))
    registry.put(place, signatures.manifest(config, layers))
