"""The registry over HTTP: which path and method does what.

`/v2/<name>/blobs/...`, `/v2/<name>/manifests/...`, `/v2/<name>/tags/list`; a name may have
slashes. Content is accepted only under the digest that is computed from it here.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opsbot.sandbox import loopback
from opsbot.sandbox.loopback import CHUNK, Log, Reply, Request, Service, as_json
from opsbot.sandbox.registry import guards, problems
from opsbot.sandbox.registry.guards import Guard
from opsbot.sandbox.registry.problems import VERSION
from opsbot.sandbox.registry.storage import (
    DIGEST,
    REPOSITORY,
    TAG,
    Damaged,
    Storage,
    StoredManifest,
)

LARGEST_BLOB = 1024**3
LARGEST_MANIFEST = 4 * 1024**2
PLACE = re.compile(
    r"/v2/(?P<name>.+)/(?:(?P<uploads>blobs/uploads)/(?P<upload>[^/]*)|blobs/(?P<blob>[^/]+)"
    r"|manifests/(?P<manifest>[^/]+)|(?P<tags>tags/list))"
)
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


def start(state: Path, log: Log, guard: Guard = guards.everybody) -> Service:
    """Serve the registry that keeps its content in a folder."""
    storage = Storage(state)

    def guarded(request: Request) -> Reply:
        guard(request)
        return answer(storage, request)

    return loopback.start("registry", guarded, log)


def answer(storage: Storage, request: Request) -> Reply:
    """Answer one request."""
    if request.path.rstrip("/") == "/v2":
        return as_json({}, headers=VERSION)
    if request.path == "/v2/_catalog":
        return as_json({"repositories": storage.repositories()}, headers=VERSION)
    place = PLACE.fullmatch(request.path.replace("%3A", ":"))
    if not place:
        raise loopback.Refusal(Reply(404, b"404 page not found\n"))
    name = place["name"]
    if not REPOSITORY.fullmatch(name) or len(name) > 255:
        raise problems.name_invalid(name)
    if place["uploads"]:
        return _upload(storage, request, name, place["upload"])
    if place["blob"]:
        return _blob(storage, request, name, place["blob"])
    if place["tags"]:
        return _tags(storage, name)
    return _manifest(storage, request, name, place["manifest"])


def _tags(storage: Storage, name: str) -> Reply:
    tags = storage.tags(name)
    if tags is None:
        raise problems.name_unknown(name)
    return as_json({"name": name, "tags": tags or None}, headers=VERSION)


def _blob(storage: Storage, request: Request, name: str, digest: str) -> Reply:
    _require(request, "GET", "HEAD")
    if not DIGEST.fullmatch(digest):
        raise problems.digest_invalid()
    file = storage.blob(name, digest)
    if file is None:
        raise problems.blob_unknown(digest)
    headers = VERSION | {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(file.stat().st_size),
        "Docker-Content-Digest": digest,
        "ETag": f'"{digest}"',
    }
    return Reply(200, _content(file), headers)


def _content(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while piece := content.read(CHUNK):
            yield piece


def _upload(storage: Storage, request: Request, name: str, upload: str) -> Reply:
    if not upload:
        _require(request, "POST")
        return _begin(storage, request, name)
    if storage.size(upload) is None:
        raise problems.upload_unknown(upload)
    match request.method:
        case "PATCH":
            storage.append(upload, request.body.pieces(LARGEST_BLOB))
            return _progress(storage, name, upload, 202)
        case "PUT":
            storage.append(upload, request.body.pieces(LARGEST_BLOB))
            return _finish(storage, name, upload, request.first("digest"))
        case "DELETE":
            storage.drop(upload)
            return Reply(204, headers=VERSION)
        case _:
            return _progress(storage, name, upload, 204)


def _begin(storage: Storage, request: Request, name: str) -> Reply:
    mounted = request.first("mount")
    if mounted and storage.mount(name, mounted, request.first("from")):
        return _created(name, mounted)
    upload = storage.begin()
    if digest := request.first("digest"):
        storage.append(upload, request.body.pieces(LARGEST_BLOB))
        return _finish(storage, name, upload, digest)
    return _progress(storage, name, upload, 202)


def _finish(storage: Storage, name: str, upload: str, digest: str) -> Reply:
    if not DIGEST.fullmatch(digest) or not storage.finish(name, upload, digest):
        raise problems.digest_invalid()
    return _created(name, digest)


def _created(name: str, digest: str) -> Reply:
    place = {"Location": f"/v2/{name}/blobs/{digest}", "Docker-Content-Digest": digest}
    return Reply(201, headers=VERSION | place)


def _progress(storage: Storage, name: str, upload: str, status: int) -> Reply:
    size = storage.size(upload) or 0
    headers = {
        "Location": f"/v2/{name}/blobs/uploads/{upload}",
        "Range": f"0-{max(0, size - 1)}",
        "Docker-Upload-UUID": upload,
    }
    return Reply(status, headers=VERSION | headers)


def _manifest(storage: Storage, request: Request, name: str, reference: str) -> Reply:
    _require(request, "GET", "HEAD", "PUT", "DELETE")
    match request.method:
        case "PUT":
            return _put_manifest(storage, request, name, reference)
        case "DELETE":
            return _delete_manifest(storage, name, reference)
    try:
        found = storage.manifest(name, reference)
    except Damaged:
        raise problems.damaged() from None
    if found is None:
        raise problems.manifest_unknown(reference)
    if not _accepts(request, found):
        words = f"the manifest is {found.media_type}, which the Accept header does not name"
        raise problems.problem(404, "MANIFEST_UNKNOWN", words, {"Tag": reference})
    headers = {"Content-Type": found.media_type, "Docker-Content-Digest": found.digest}
    return Reply(200, found.content, VERSION | headers | {"ETag": f'"{found.digest}"'})


def _accepts(request: Request, found: StoredManifest) -> bool:
    named = ",".join(request.headers.get_all("Accept") or [])
    kinds = {each.partition(";")[0].strip() for each in named.split(",")} - {""}
    return not kinds or "*/*" in kinds or found.media_type in kinds


def _put_manifest(storage: Storage, request: Request, name: str, reference: str) -> Reply:
    content = request.body.whole(LARGEST_MANIFEST)
    media_type = _checked_type(storage, name, content, request.headers.get_content_type())
    tag = None if DIGEST.fullmatch(reference) else reference
    if tag and not TAG.fullmatch(tag):
        raise problems.problem(400, "TAG_INVALID", "manifest tag did not match URI", reference)
    if not tag and f"sha256:{hashlib.sha256(content).hexdigest()}" != reference:
        raise problems.digest_invalid()
    digest = storage.put(name, media_type, content, tag)
    place = {"Location": f"/v2/{name}/manifests/{digest}", "Docker-Content-Digest": digest}
    return Reply(201, headers=VERSION | place)


def _delete_manifest(storage: Storage, name: str, reference: str) -> Reply:
    """Delete a manifest with all its tags; only its digest says which one is meant."""
    if not DIGEST.fullmatch(reference):
        raise problems.digest_invalid()
    if not storage.delete(name, reference):
        raise problems.manifest_unknown(reference)
    return Reply(202, headers=VERSION)


def _checked_type(storage: Storage, name: str, content: bytes, sent: str) -> str:
    """Return a manifest's type; all that it names must be here already."""
    try:
        manifest: dict[str, Any] = json.loads(content)
        media_type = str(manifest.get("mediaType") or sent)
        children = [each["digest"] for each in manifest.get("manifests", [])]
        blobs = [each["digest"] for each in manifest.get("layers", [])]
        if media_type not in INDEXES:
            blobs.append(manifest["config"]["digest"])
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise problems.manifest_invalid(repr(fault)) from None
    if manifest.get("schemaVersion") != 2 or media_type != sent:
        raise problems.manifest_invalid("schemaVersion 2 and the sent Content-Type are wanted")
    for digest in blobs:
        if storage.blob(name, digest) is None:
            raise problems.manifest_blob_unknown(digest)
    for digest in children:
        if storage.manifest(name, digest) is None:
            raise problems.manifest_blob_unknown(digest)
    return media_type


def _require(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise problems.problem(405, "UNSUPPORTED", "the operation is unsupported")
