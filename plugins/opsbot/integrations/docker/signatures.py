"""Signatures of images as cosign keeps them: what is signed, by which key, and where it is stored.

Signed is a small document ("simple signing") that names the image's digest. The signature (ECDSA
P-256 over the document's sha256, base64) is an annotation of the layer that holds the document,
in an OCI manifest under the tag `sha256-<digest>.sig` of the image's own repository. Several
signatures of one image are several layers. The layout is cosign's specification,
https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey

from opsbot.integrations import foreign_json
from opsbot.integrations.docker import manifests
from opsbot.integrations.docker.manifests import Blob, Manifest
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed

PAYLOAD_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json"
ANNOTATION = "dev.cosignproject.cosign/signature"
CLAIM = "cosign container image signature"
LARGEST_PAYLOAD = 64 * 1024
MOST_SIGNATURES = 32


def place_of(image: ImageName, digest: str) -> ImageName:
    """Return the name under which the signatures of a digest are stored."""
    return image.tagged(f"{digest.replace(':', '-')}.sig")


def payload(image: ImageName, digest: str) -> bytes:
    """Return the document that is signed."""
    critical = {
        "identity": {"docker-reference": image.place},
        "image": {"docker-manifest-digest": digest},
        "type": CLAIM,
    }
    return json.dumps({"critical": critical, "optional": None}, separators=(",", ":")).encode()


def layer(document: Blob, signature: bytes) -> dict[str, Any]:
    """Return the layer that carries a signed document and its signature."""
    return {
        "mediaType": PAYLOAD_TYPE,
        "digest": document.digest,
        "size": document.size,
        "annotations": {ANNOTATION: base64.b64encode(signature).decode()},
    }


def layers_of(stored: Manifest | None) -> list[dict[str, Any]]:
    """Return the layers of stored signatures, none where nothing is signed yet."""
    if stored is None:
        return []
    if stored.children:
        raise StepFailed(
            "An index of images stands where the signatures of an image belong. Delete its tag "
            "in the registry."
        )
    return list(json.loads(stored.content)["layers"])


def configuration(layers: list[dict[str, Any]]) -> bytes:
    """Return the configuration that makes signatures look like an image to every registry."""
    rootfs = {"type": "layers", "diff_ids": [each["digest"] for each in layers]}
    body = {"architecture": "", "os": "", "config": {}, "rootfs": rootfs}
    return json.dumps(body, separators=(",", ":")).encode()


def manifest(config: Blob, layers: list[dict[str, Any]]) -> Manifest:
    """Return the manifest of an image's signatures."""
    kind = manifests.IMAGE_TYPES[0]
    described = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": config.digest,
        "size": config.size,
    }
    body = {"schemaVersion": 2, "mediaType": kind, "config": described, "layers": layers}
    content = json.dumps(body, separators=(",", ":")).encode()
    return manifests.parse(content, kind, "the signatures")


def is_signed(
    registry: Registry, image: ImageName, digest: str, key: EllipticCurvePublicKey
) -> bool:
    """Tell whether one of the stored signatures was made with a key for exactly this digest."""
    place = place_of(image, digest)
    stored = registry.manifest(place)
    if stored is None or stored.children:
        return False
    return any(
        _is_of(key, signature, document) and _names(document, digest)
        for document, signature in _signatures(registry, place, stored)
    )


def _signatures(
    registry: Registry, place: ImageName, stored: Manifest
) -> Iterator[tuple[bytes, bytes]]:
    """Yield documents with their signatures; other layers are none of ours."""
    described = zip(layers_of(stored), stored.layers, strict=True)
    for layer, blob in list(described)[:MOST_SIGNATURES]:
        match layer:
            case {"mediaType": str(kind), "annotations": {**notes}} if kind == PAYLOAD_TYPE:
                signature = _decoded(str(notes.get(ANNOTATION)))
                if signature and blob.size <= LARGEST_PAYLOAD:
                    yield registry.content(place, blob), signature


def _decoded(text: str) -> bytes:
    """Return a signature's bytes, none where the text is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _is_of(key: EllipticCurvePublicKey, signature: bytes, document: bytes) -> bool:
    try:
        key.verify(signature, document, ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _names(document: bytes, digest: str) -> bool:
    """Tell whether a document, which is signed, is about this digest."""
    try:
        said = foreign_json.read(document)
    except ValueError:
        return False
    match said:
        case {"critical": {"type": kind, "image": {"docker-manifest-digest": named}}}:
            return bool(kind == CLAIM and named == digest)
    return False


def fingerprint(public_der: bytes) -> str:
    """Return what a key is known by: the sha256 of its public half."""
    return f"sha256:{hashlib.sha256(public_der).hexdigest()}"
