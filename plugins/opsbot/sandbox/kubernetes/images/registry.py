"""Pulling over the registry's HTTP API, from loopback only.

Nothing is believed: manifest, configuration and layers are checked against the digests that name
them. The messages are those of a kubelet with containerd, which tell a missing tag (`not found`)
from an unreachable registry (`connection refused`).
"""

import hashlib
import http.client
import json
from dataclasses import dataclass
from pathlib import Path

from opsbot.sandbox.kubernetes.images.references import Reference
from opsbot.sandbox.kubernetes.problems import Json

_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_LARGEST = 64 * 1024 * 1024


class PullFailed(Exception):
    """An image that cannot be had now; the message is what the pod's status shows."""


@dataclass(frozen=True)
class Manifest:
    """Which configuration and layers an image has."""

    digest: str
    configuration: str
    layers: tuple[tuple[str, str], ...]
    size: int


def manifest(reference: Reference) -> Manifest:
    """Fetch and check an image's manifest."""
    digest, document = _document(reference, reference.version)
    if document.get("mediaType") in _INDEXES or "manifests" in document:
        chosen = _for_this_machine(reference, document)
        _, document = _document(reference, chosen)
    layers = tuple((each["digest"], each["mediaType"]) for each in document["layers"])
    size = sum(each["size"] for each in document["layers"])
    return Manifest(digest, document["config"]["digest"], layers, size)


def _for_this_machine(reference: Reference, index: Json) -> str:
    for each in index.get("manifests", []):
        platform = each.get("platform", {})
        if platform.get("os", "linux") == "linux" and "attestation" not in str(each):
            return str(each["digest"])
    raise _failed(reference, "NotFound", f"no match for platform in manifest: {reference.text}")


def _document(reference: Reference, version: str) -> tuple[str, Json]:
    accept = ", ".join(_MANIFESTS + _INDEXES)
    path = f"/v2/{reference.name}/manifests/{version}"
    raw = _get(reference, path, {"Accept": accept})
    digest = _digest(raw)
    if version.startswith("sha256:") and digest != version:
        raise _failed(reference, "FailedPrecondition", f"digest mismatch: {digest}, not {version}")
    try:
        document: Json = json.loads(raw)
    except ValueError:
        raise _failed(reference, "Unknown", "the manifest is not JSON") from None
    return digest, document


def blob(reference: Reference, digest: str, target: Path) -> None:
    """Fetch a blob into a file, if it is what its digest says."""
    raw = _get(reference, f"/v2/{reference.name}/blobs/{digest}", {})
    if _digest(raw) != digest:
        text = f"unexpected digest: {_digest(raw)}, expected {digest}"
        raise _failed(reference, "FailedPrecondition", text)
    target.write_bytes(raw)


def _digest(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def _get(reference: Reference, path: str, headers: dict[str, str]) -> bytes:
    address, _, port = reference.host.partition(":")
    if address not in ("127.0.0.1", "localhost"):
        lookup = f"dial tcp: lookup {address}: no such host (the sandbox pulls from loopback only)"
        raise _unreachable(reference, path, lookup)
    connection = http.client.HTTPConnection("127.0.0.1", int(port or 80), timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        raw = answer.read(_LARGEST * 16)
    except ConnectionRefusedError:
        dial = f"dial tcp {reference.host}: connect: connection refused"
        raise _unreachable(reference, path, dial) from None
    except (OSError, http.client.HTTPException) as fault:
        raise _unreachable(reference, path, f"{fault}") from None
    finally:
        connection.close()
    if answer.status == 404:
        raise _failed(reference, "NotFound", f"{reference.text}: not found", resolving=True)
    if answer.status != 200:
        text = f"unexpected status from GET request to http://{reference.host}{path}: "
        raise _failed(reference, "Unknown", f"{text}{answer.status} {answer.reason}")
    return raw


def _unreachable(reference: Reference, path: str, why: str) -> PullFailed:
    request = f'failed to do request: Head "http://{reference.host}{path}": {why}'
    return _failed(reference, "Unknown", request, resolving=True)


def _failed(reference: Reference, code: str, why: str, *, resolving: bool = False) -> PullFailed:
    text = f'failed to pull and unpack image "{reference.text}": '
    if resolving:
        text += f'failed to resolve reference "{reference.text}": '
    # The kubelet shows the reason without its code where it did not come from the registry.
    prefix = f"rpc error: code = {code} desc = " if code == "NotFound" else ""
    return PullFailed(f"{prefix}{text}{why}")
