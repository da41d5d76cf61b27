"""A token server, as registries send their clients to, and a registry that believes it.

A token is signed and names its bearer's rights on one repository, so pushing after pulling needs
another one.
"""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from opsbot.sandbox import loopback
from opsbot.sandbox.loopback import Reply, Request, as_json
from opsbot.sandbox.registry import guards, problems
from opsbot.sandbox.registry import server as sandbox_registry
from tests.contract.registry import places
from tests.contract.registry.places import PASSWORD, USER, Place

SERVICE, ISSUER = "registry.example", "the token server"


@dataclass
class Issuer:
    """Signs tokens for whoever brings the login."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    scopes: list[str] = field(default_factory=list)
    """What was asked for, in its order."""

    @cached_property
    def certificate(self) -> x509.Certificate:
        """What a registry knows the key by."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        made = made.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(hours=1))
        made = made.not_valid_after(now + timedelta(hours=1))
        return made.sign(self.key, hashes.SHA256())

    def answer(self, request: Request) -> Reply:
        """Issue a token for the scope that is asked for."""
        guards.login(USER, PASSWORD)(request)
        self.scopes.append(request.first("scope"))
        kind, name, actions = request.first("scope").split(":")
        access = [{"type": kind, "name": name, "actions": actions.split(",")}]
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": USER, "aud": request.first("service"), "access": access}
        claims |= {"exp": now + 300, "nbf": now - 10, "iat": now, "jti": str(len(self.scopes))}
        chain = [base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode()]
        return as_json({"token": jwt.encode(claims, self.key, "ES256", {"x5c": chain})})


def allows(trusted: ec.EllipticCurvePublicKey, request: Request) -> bool:
    """Tell whether a request brings a token with the right that it needs."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    _, name, actions = scope_of(request).split(":")
    try:
        claims: dict[str, Any] = jwt.decode(
            token, trusted, ["ES256"], audience=SERVICE, issuer=ISSUER
        )
    except jwt.InvalidTokenError:
        return False
    (access,) = claims["access"]
    return access["name"] == name and set(actions.split(",")) <= set(access["actions"])


def scope_of(request: Request) -> str:
    """Return the right that a request needs, as a registry names it."""
    name = request.path.removeprefix("/v2/")
    for place in ("/manifests/", "/blobs/", "/tags/"):
        name = name.partition(place)[0]
    reads = request.method in ("GET", "HEAD") and "/uploads/" not in request.path
    return f"repository:{name}:{'pull' if reads else 'pull,push'}"


@contextmanager
def guarded(place: Place, folder: Path, issuer: Issuer) -> Iterator[str]:
    """Start a registry that wants tokens of an issuer, and return its address."""
    login = loopback.start("token server", issuer.answer, places.log)
    realm = f"http://{login.address}/token"
    try:
        if place.name == "lab":
            bundle = folder / "issuer.pem"
            bundle.write_bytes(issuer.certificate.public_bytes(Encoding.PEM))
            wanted = (
                f"token: {{realm: '{realm}', service: {SERVICE}, issuer: {ISSUER}, "
                f"rootcertbundle: {bundle}}}"
            )
            with places.real(folder, wanted) as address:
                yield address
            return
        service = sandbox_registry.start(folder / "stored", places.log, _guard(issuer, realm))
        yield service.address
        service.stop()
    finally:
        login.stop()


def _guard(issuer: Issuer, realm: str) -> guards.Guard:
    trusted = issuer.key.public_key()

    def guard(request: Request) -> None:
        if not allows(trusted, request):
            scope = f'service="{SERVICE}",scope="{scope_of(request)}"'
            raise problems.unauthorized(f'Bearer realm="{realm}",{scope}')

    return guard
