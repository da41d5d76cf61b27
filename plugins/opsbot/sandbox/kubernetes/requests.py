"""From a request to an answer: which verb it is, and what the query says about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opsbot.sandbox.kubernetes import (
    deletion,
    discovery,
    kinds,
    logs,
    problems,
    reading,
    scaling,
    writing,
)
from opsbot.sandbox.kubernetes.cluster import Cluster
from opsbot.sandbox.kubernetes.kinds import Target
from opsbot.sandbox.kubernetes.problems import Json
from opsbot.sandbox.kubernetes.reading import filter_of
from opsbot.sandbox.kubernetes.routing import Query, target
from opsbot.sandbox.kubernetes.storing import Writing

_APPLY = "application/apply-patch+yaml"
_PATCHES = (
    _APPLY,
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
)
_REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@dataclass(frozen=True)
class Request:
    """One HTTP request whose bearer is known and whose body is parsed."""

    method: str
    path: str
    query: Query
    body: Any
    media_type: str
    agent: str


@dataclass(frozen=True)
class Answer:
    """A whole document."""

    code: int
    body: Json


@dataclass(frozen=True)
class Events:
    """A stream of watch events; an empty one lets the connection be checked."""

    events: Iterator[Json]


@dataclass(frozen=True)
class Text:
    """A log, as a whole or as it grows."""

    chunks: Iterator[bytes]
    follow: bool


def answer(cluster: Cluster, request: Request) -> Answer | Events | Text:
    """Do what a request asks for."""
    path = request.path
    if request.method == "GET" and (found := discovery.document(path)):
        return Answer(200, found)
    if path.rstrip("/") in ("/healthz", "/readyz", "/livez"):
        return Text(iter([b"ok"]), follow=False)
    if path == _REVIEW and request.method == "POST":
        return Answer(201, discovery.review(request.body))
    meant = target(path)
    match request.method:
        case "GET":
            return _read(cluster, meant, request.query)
        case "DELETE":
            return _delete(cluster, meant, request)
        case "POST" | "PUT" | "PATCH":
            return _write(cluster, meant, request)
        case _:
            raise problems.method_not_allowed()


def _read(cluster: Cluster, meant: Target, query: Query) -> Answer | Events | Text:
    if query.flag("watch"):
        return Events(reading.watch(cluster, filter_of(meant, query), query))
    if not meant.name:
        return Answer(200, reading.list_objects(cluster, filter_of(meant, query)))
    match meant.subresource:
        case "log":
            return Text(logs.read(cluster, meant, query), query.flag("follow"))
        case "scale":
            return Answer(200, scaling.read(cluster, meant))
        case _:
            found = writing.existing(cluster, meant)
            return Answer(200, found)


def _delete(cluster: Cluster, meant: Target, request: Request) -> Answer:
    options = request.body if isinstance(request.body, dict) else {}
    policy = options.get("propagationPolicy") or request.query.text("propagationPolicy")
    grace = options.get("gracePeriodSeconds")
    if grace is None:
        grace = request.query.number("gracePeriodSeconds")
    options = {**options, "propagationPolicy": policy, "gracePeriodSeconds": grace}
    dry_run = _is_dry_run(request.query) or bool(options.get("dryRun"))
    if meant.name:
        return Answer(200, deletion.delete(cluster, meant, options, dry_run=dry_run))
    wanted = filter_of(meant, request.query)
    listed = reading.list_objects(cluster, wanted)
    for each in listed["items"]:
        one = kinds.target_of(meant.resource, each)
        deletion.delete(cluster, one, options, dry_run=dry_run)
    return Answer(200, listed)


def _write(cluster: Cluster, meant: Target, request: Request) -> Answer:
    is_apply = request.method == "PATCH" and request.media_type == _APPLY
    if request.method == "PATCH" and request.media_type not in _PATCHES:
        text = "415: Unsupported Media Type"
        raise problems.Problem(415, "UnsupportedMediaType", text, {})
    how = _how(meant, request, is_apply=is_apply)
    if meant.subresource == "scale":
        scaled = scaling.write(cluster, meant, request.media_type, request.body, how)
        return Answer(200, scaled)
    match request.method, bool(meant.name):
        case "POST", False:
            return Answer(201, writing.create(cluster, meant, _object(request), how))
        case "PUT", True:
            body = _object(request)
            return Answer(200, writing.replace(cluster, meant, body, how))
        case "PATCH", True if is_apply:
            is_new = cluster.store.find(meant) is None
            applied = writing.apply(cluster, meant, request.body, how)
            return Answer(201 if is_new else 200, applied)
        case "PATCH", True:
            kind, body = request.media_type, request.body
            return Answer(200, writing.patch(cluster, meant, kind, body, how))
        case _:
            raise problems.method_not_allowed()


def _object(request: Request) -> Json:
    if not isinstance(request.body, dict):
        raise problems.bad_request("the body of the request is not an object")
    return request.body


def _is_dry_run(query: Query) -> bool:
    asked = query.text("dryRun")
    if asked not in ("", "All"):
        cause = problems.cause("dryRun", f'Unsupported value: "{asked}": supported values: "All"')
        raise problems.invalid("PatchOptions", "meta.k8s.io", "", [cause])
    return asked == "All"


def _how(meant: Target, request: Request, *, is_apply: bool) -> Writing:
    query = request.query
    manager, force = query.text("fieldManager"), query.text("force")
    faults = []
    if is_apply and not manager:
        text = "Required value: is required for apply patch"
        faults.append(problems.cause("fieldManager", text, "FieldValueRequired"))
    if force and not is_apply:
        text = "Forbidden: may not be specified for non-apply patch"
        faults.append(problems.cause("force", text, "FieldValueForbidden"))
    if faults:
        raise problems.invalid("PatchOptions", "meta.k8s.io", "", faults)
    return Writing(
        manager or request.agent.partition("/")[0] or "unknown",
        meant.subresource,
        _is_dry_run(query),
        query.flag("force"),
        query.text("fieldValidation") == "Strict",
    )
