"""The manifests of an application: what may be among them, and the hash that pins them.

A release holds the kinds that can be shown in a preview, saved and restored. Secrets come as base64
`data` only: with `stringData` the API server keeps a key that a later manifest drops. No message
here quotes a value of a Secret, and no hash lets one be guessed.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from opsbot.vocabulary.canonical import sha256_of, slow_hash
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import RELEASE_KINDS, Workload

Json = Mapping[str, Any]


def require(workload: Workload) -> None:
    """Raise a `PlanningError` for the first manifest that no release may hold."""
    for each in workload.manifests:
        for problem in _problems(each):
            raise PlanningError(problem)


def sha256(workload: Workload) -> str:
    """Hash the manifests as the organisation keeps them."""
    return sha256_of([veiled(each) for each in workload.manifests])


def veiled(manifest: Json) -> dict[str, Any]:
    """Return an object with the values of a Secret replaced by hashes of them."""
    if manifest.get("kind") != "Secret" or not isinstance(manifest.get("data"), Mapping):
        return dict(manifest)
    name = _name(manifest)
    data = {key: slow_hash(str(value), f"{name}/{key}") for key, value in manifest["data"].items()}
    return {**manifest, "data": data}


def _problems(manifest: Json) -> Iterator[str]:
    kind, name = manifest.get("kind"), _name(manifest)
    if kind not in RELEASE_KINDS:
        yield (
            f"A manifest of kind {kind!r} cannot be deployed; a release holds "
            f"{', '.join(RELEASE_KINDS)}. Keep others outside of the application's manifests."
        )
    if kind != "Secret":
        return
    if "stringData" in manifest:
        yield (
            f"Secret {name!r} has stringData: a key that is left out later would stay in the "
            "cluster. Write its values in base64 under data."
        )
    for key, value in _entries(manifest.get("data") or {}):
        if not _is_base64(value):
            yield (
                f"The value of {key!r} in Secret {name!r} is not base64 text. Encode it, for "
                "example with `base64 --wrap=0`."
            )


def _entries(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        yield from data.items()
    else:
        yield "data", data


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return False
    return isinstance(value, str)


def _name(manifest: Json) -> str:
    metadata = manifest.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, Mapping) else ""
