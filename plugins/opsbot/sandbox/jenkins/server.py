"""The Remote API over HTTP: who may ask, and which path is what.

A user with an API token may do all; with a token no crumb is needed, so none is issued.
"""

import base64
import hmac
import secrets
from binascii import Error as NoBase64
from dataclasses import dataclass, field
from functools import partial

from opsbot.sandbox import loopback
from opsbot.sandbox.jenkins import builds_over_http, descriptions, pages, triggers
from opsbot.sandbox.jenkins.builds import Build
from opsbot.sandbox.jenkins.jobs import Job
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.loopback import Log, Refusal, Reply, Request, Service, as_json


@dataclass(frozen=True)
class Login:
    """The one user of the server."""

    user: str = "admin"
    token: str = field(default_factory=lambda: f"11{secrets.token_hex(16)}")
    session: str = field(default_factory=lambda: secrets.token_hex(4))


def start(server: Server, login: Login, log: Log) -> Service:
    """Serve a Jenkins."""
    return loopback.start("jenkins", partial(answer, server, login), log)


def answer(server: Server, login: Login, request: Request) -> Reply:
    """Answer one request, with the headers that every answer of Jenkins has."""
    headers = {"X-Jenkins": pages.VERSION, "X-Jenkins-Session": login.session}
    try:
        _require_login(login, request)
        reply = _answer(server, login, request)
    except Refusal as refusal:
        reply = refusal.reply
    return Reply(reply.status, reply.body, headers | reply.headers)


def _require_login(login: Login, request: Request) -> None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if not encoded:
        raise pages.anonymous(request.path)
    try:
        given = base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
    except NoBase64:
        given = b""
    if not hmac.compare_digest(given, f"{login.user}:{login.token}".encode()):
        raise pages.unauthorized(request.path)


def _answer(server: Server, login: Login, request: Request) -> Reply:
    base = _base(request)
    match [name for name in request.names if name]:
        case []:
            return pages.page("Dashboard [Jenkins]")
        case ["api", "json"]:
            return as_json(descriptions.top(server, base))
        case ["me" | "whoAmI", "api", "json"]:
            return as_json({"id": login.user, "fullName": login.user, "name": login.user})
        case ["queue", *rest]:
            return _queue(server, request, rest, base)
        case ["job", name, *rest] if name in server.jobs:
            return _job(server, login, request, server.jobs[name], rest)
    raise pages.not_found(request.path)


def _queue(server: Server, request: Request, rest: list[str], base: str) -> Reply:
    match rest:
        case ["api", "json"]:
            items = [descriptions.item(server, each, base) for each in server.waiting()]
            return as_json(
                {"_class": "hudson.model.Queue", "discoverableItems": [], "items": items}
            )
        case ["item", id, *ending] if id.isdigit() and (item := server.item(int(id))):
            if ending == ["api", "json"]:
                return as_json(descriptions.item(server, item, base))
            return pages.page("Queue item exists.")
        case ["cancelItem"]:
            return _cancel(server, request)
    raise pages.not_found(request.path)


def _cancel(server: Server, request: Request) -> Reply:
    _require_post(request)
    id = request.first("id") or request.form().get("id", [""])[0]
    item = server.item(int(id)) if id.isdigit() else None
    if item is None:
        raise pages.not_found(request.path)
    if not server.cancel(item):
        raise pages.error(500, f"Could not cancel run for id {id}", request.path)
    return Reply(204)


def _job(server: Server, login: Login, request: Request, job: Job, rest: list[str]) -> Reply:
    base = _base(request)
    match rest:
        case []:
            return pages.page(f"{job.name} [Jenkins]")
        case ["api", "json"]:
            tree = request.first("tree")
            deep = "builds[" in tree.replace("allBuilds[", "builds[")
            return as_json(descriptions.job(server, job, base, deep=deep))
        case ["build" | "buildWithParameters" as action]:
            _require_post(request)
            return _trigger(server, login, request, job, action)
        case [number, *ending] if build := _found(server, job, number):
            return builds_over_http.answer(request, build, ending, base)
    raise pages.not_found(request.path)


def _trigger(server: Server, login: Login, request: Request, job: Job, action: str) -> Reply:
    if action == "build" and job.parameters:
        raise pages.error(400, "Nothing is submitted", request.path)
    if action == "buildWithParameters" and not job.parameters:
        raise pages.error(400, f"{job.name} is not parameterized", request.path)
    values, sent = triggers.parameters(job, request)
    item, joined = server.submit(job, values, login.user, triggers.delay(sent))
    place = {"Location": f"{_base(request)}queue/item/{item.id}/"}
    return Reply(303 if joined and action == "buildWithParameters" else 201, headers=place)


def _found(server: Server, job: Job, number: str) -> Build | None:
    """Return a build by its number, or by what Jenkins calls some of them."""
    builds = server.builds[job.name]
    if number.isdigit():
        return builds.get(int(number))
    newest = [builds[each] for each in sorted(builds, reverse=True)]
    match number:
        case "lastBuild":
            fitting = newest
        case "lastCompletedBuild":
            fitting = [build for build in newest if not build.building]
        case "lastSuccessfulBuild":
            fitting = [build for build in newest if build.result in ("SUCCESS", "UNSTABLE")]
        case _:
            fitting = []
    return fitting[0] if fitting else None


def _base(request: Request) -> str:
    return f"http://{request.headers.get('Host', '')}/"


def _require_post(request: Request) -> None:
    if request.method != "POST":
        raise pages.only_post(request.path)
