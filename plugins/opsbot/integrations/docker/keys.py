"""The keys of a Docker connection: one that signs images, one that signatures must be made with.

Both are PEM texts in the connection's extra. With `cosign_private_key` this Airflow signs what it
pushes. A connection with a key requires signatures: by `cosign_public_key`, or else by the public
half of the key that it signs with. Airflow masks an extra whose name says `private_key` or
`password`.
"""

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import SecretStr

from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value

PRIVATE, PASSWORD, PUBLIC = "cosign_private_key", "cosign_password", "cosign_public_key"
HOW_TO_ADD = (
    f"Make one with `openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8` and "
    f"put its PEM text into the extra of the Docker connection as `{PRIVATE}`, and its passphrase "
    f"as `{PASSWORD}`."
)


class Keys(Value):
    """What a connection holds; read only when a step needs it."""

    private: SecretStr | None = None
    password: SecretStr | None = None
    public: str | None = None

    @property
    def can_sign(self) -> bool:
        """Whether there is a key to sign with."""
        return self.private is not None

    def signing(self) -> EllipticCurvePrivateKey:
        """Return the key to sign with; `Refused` where there is none."""
        if self.private is None:
            raise Refused(f"No key to sign with is configured. {HOW_TO_ADD}")
        secret = self.password.get_secret_value().encode() if self.password else None
        text = self.private.get_secret_value().encode()
        found = _read(lambda: load_pem_private_key(text, secret), PRIVATE)
        if not isinstance(found, EllipticCurvePrivateKey) or not isinstance(found.curve, SECP256R1):
            raise Refused(f"`{PRIVATE}` is no ECDSA key on the curve P-256. {HOW_TO_ADD}")
        return found

    def verifying(self) -> EllipticCurvePublicKey | None:
        """Return the key that signatures must be made with, or None where none is required."""
        if self.public is None:
            return self.signing().public_key() if self.can_sign else None
        text = self.public.encode()
        found = _read(lambda: load_pem_public_key(text), PUBLIC)
        if not isinstance(found, EllipticCurvePublicKey) or not isinstance(found.curve, SECP256R1):
            raise Refused(
                f"`{PUBLIC}` is no ECDSA key on the curve P-256. Put the PEM text of the public "
                "key (cosign.pub) into the extra of the Docker connection."
            )
        return found


def of(extra: dict[str, Any]) -> Keys:
    """Return the keys in a connection's extra."""
    found = {name: str(extra[name]) for name in (PRIVATE, PASSWORD, PUBLIC) if extra.get(name)}
    return Keys(
        private=SecretStr(found[PRIVATE]) if PRIVATE in found else None,
        password=SecretStr(found[PASSWORD]) if PASSWORD in found else None,
        public=found.get(PUBLIC),
    )


def _read(load: Callable[[], Any], name: str) -> Any:
    # The library's own words may quote what it could not read.
    try:
        return load()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Refused(
            f"`{name}` in the extra of the Docker connection cannot be read: it must be a PEM "
            f"text, with the right `{PASSWORD}` if it is encrypted. Keys in cosign's own encrypted "
            "format are not read; give the key as PKCS#8."
        ) from None
