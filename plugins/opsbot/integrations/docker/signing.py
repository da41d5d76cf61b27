"""Sign an image's digest once with one key, and see the signature in the registry.

An image that this key has signed already is left as it is. Other signatures stay beside the new
one. Afterwards the signature is read back from the registry and verified with the public half.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opsbot.integrations.docker import signatures
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import TryAgain
from opsbot.vocabulary.progress import Say


def sign(
    registry: Registry, image: ImageName, digest: str, key: EllipticCurvePrivateKey, say: Say
) -> str:
    """Return what the key is known by, once the registry has its signature of the digest."""
    public = key.public_key()
    if signatures.is_signed(registry, image, digest, public):
        say(f"{digest} is signed with this key already.")
    else:
        _store(registry, image, digest, key)
        say(f"{digest} is signed.")
    if not signatures.is_signed(registry, image, digest, public):
        raise TryAgain(
            f"The signature of {image} is not in the registry: another one was stored at the "
            "same moment."
        )
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return signatures.fingerprint(der)


def _store(registry: Registry, image: ImageName, digest: str, key: EllipticCurvePrivateKey) -> None:
    """Store a signature beside those that are there."""
    place = signatures.place_of(image, digest)
    document = signatures.payload(image, digest)
    signature = key.sign(document, ECDSA(hashes.SHA256()))
    layers = signatures.layers_of(registry.manifest(place))
    layers.append(signatures.layer(registry.store(place, document), signature))
    config = registry.store(place, signatures.configuration(layers))
    registry.put(place, signatures.manifest(config, layers))
