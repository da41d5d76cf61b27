"""Errors as the distribution specification spells them: a code, words, and what it is about."""

from typing import Any

from opsbot.sandbox.loopback import Refusal, as_json

VERSION = {"Docker-Distribution-Api-Version": "registry/2.0"}


def problem(status: int, code: str, message: str, detail: Any = None) -> Refusal:
    """Return the refusal of a request."""
    error = {"code": code, "message": message, "detail": detail}
    return Refusal(as_json({"errors": [error]}, status, VERSION))


def name_unknown(name: str) -> Refusal:
    """Say that nothing was ever pushed under a name."""
    words = "repository name not known to registry"
    return problem(404, "NAME_UNKNOWN", words, {"name": name})


def name_invalid(name: str) -> Refusal:
    """Say that a name is none."""
    return problem(400, "NAME_INVALID", "invalid repository name", {"name": name})


def manifest_unknown(reference: str) -> Refusal:
    """Say that there is no such manifest."""
    return problem(404, "MANIFEST_UNKNOWN", "manifest unknown", {"Tag": reference})


def manifest_invalid(why: str) -> Refusal:
    """Say that a manifest cannot be stored."""
    return problem(400, "MANIFEST_INVALID", "manifest invalid", why)


def manifest_blob_unknown(digest: str) -> Refusal:
    """Say that a manifest names a blob that was not uploaded."""
    words = "blob unknown to registry"
    return problem(400, "MANIFEST_BLOB_UNKNOWN", words, {"digest": digest})


def blob_unknown(digest: str) -> Refusal:
    """Say that there is no such blob."""
    return problem(404, "BLOB_UNKNOWN", "blob unknown to registry", digest)


def upload_unknown(upload: str) -> Refusal:
    """Say that there is no such upload."""
    return problem(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", upload)


def digest_invalid() -> Refusal:
    """Say that content has another digest than was claimed, or that there is no such digest."""
    words = "provided digest did not match uploaded content"
    return problem(400, "DIGEST_INVALID", words, {})


def unauthorized(challenge: str) -> Refusal:
    """Say that a login is wanted, and which kind."""
    error = {"code": "UNAUTHORIZED", "message": "authentication required", "detail": None}
    headers = VERSION | {"Www-Authenticate": challenge}
    return Refusal(as_json({"errors": [error]}, 401, headers))


def damaged() -> Refusal:
    """Say that what is stored cannot be read."""
    return problem(500, "UNKNOWN", "unknown error", {})
