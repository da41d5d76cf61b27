"""Keys to sign with, as they stand in the extra of a connection."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def a_key(
    curve: ec.EllipticCurve | None = None, password: str | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return a private key and its public half."""
    key = ec.generate_private_key(curve or ec.SECP256R1())
    hidden = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    extra = {"cosign_private_key": private} | ({"cosign_password": password} if password else {})
    return extra, {"cosign_public_key": public.decode()}
