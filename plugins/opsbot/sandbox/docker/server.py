"""The Engine over HTTP, as clients of API 1.41 use it.

A build and a push answer 200 before the work begins; how it ended is a line of the stream.
"""

import json
import platform
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from opsbot.sandbox import loopback
from opsbot.sandbox.docker import (
    building,
    distribution,
    dockerfile,
    files,
    images,
    pulling,
    pushing,
)
from opsbot.sandbox.docker.building import Build, Record
from opsbot.sandbox.docker.images import Image, Images
from opsbot.sandbox.docker.problems import BuildFailed, NotInRegistry, no_such_image, refusal
from opsbot.sandbox.loopback import Body, Log, Reply, Request, Service, as_json

API = "1.41"
VERSION = "20.10.24"
HEADERS = {"Api-Version": API, "Docker-Experimental": "false", "Ostype": "linux"}
PREFIX = re.compile(r"^/v1\.\d+(?=/)")
IMAGE = re.compile(r"/images/(?P<name>.+?)(?:/(?P<action>json|tag|push|history))?")


def start(store: Images, log: Log) -> Service:
    """Serve an Engine with these images."""
    return loopback.start("docker", lambda request: _dressed(answer(store, request)), log)


def answer(store: Images, request: Request) -> Reply:
    """Answer one request."""
    path = PREFIX.sub("", request.path)
    match request.method, path:
        case "GET" | "HEAD", "/_ping":
            return Reply(200, b"OK", {"Content-Type": "text/plain; charset=utf-8"})
        case "GET", "/version":
            return as_json(_version())
        case "GET", "/info":
            return as_json(_information(store))
    return _work(store, request, path)


def _work(store: Images, request: Request, path: str) -> Reply:
    match request.method, path:
        case "GET", "/images/json":
            return as_json([_summary(store, image) for image in list(store.known.values())])
        case "POST", "/build":
            return _build(store, request)
        case "POST", "/images/create":
            return _pull(store, request)
        case "POST", "/auth":
            return _log_in(request)
    found = IMAGE.fullmatch(unquote(path))
    if not found:
        raise refusal(404, "page not found")
    return _image(store, request, found["name"], found["action"])


def _image(store: Images, request: Request, name: str, action: str | None) -> Reply:
    match request.method, action:
        case "POST", "push":
            return _stream(_push(store, name, request.first("tag"), _login(request)))
        case "DELETE", None:
            gone = store.drop(name)
            if gone is None:
                raise no_such_image(images.normal(name))
            return as_json(gone)
        case "POST", "tag":
            names = [f"{request.first('repo')}:{request.first('tag') or 'latest'}"]
            store.keep(_known(store, name), *names)
            return Reply(201)
        case "GET", "json":
            return as_json(_details(store, _known(store, name)))
    raise refusal(404, "page not found")


def _known(store: Images, name: str) -> Image:
    image = store.find(name)
    if image is None:
        raise no_such_image(images.normal(name))
    return image


def _build(store: Images, request: Request) -> Reply:
    if request.first("remote"):
        raise refusal(400, "the sandbox's Docker Engine builds from the sent context alone")
    context = files.unpack(_Context(request.body))
    name = request.first("dockerfile") or "Dockerfile"
    recipe = context.get(name.removeprefix("./"))
    if recipe is None or recipe.content is None:
        raise refusal(500, f"Cannot locate specified Dockerfile: {name}")
    steps = dockerfile.parse(recipe.content.decode(errors="replace"))
    build = Build(context, _mapping(request, "buildargs"), _mapping(request, "labels"))
    return _stream(building.run(store, build, steps, request.parameters.get("t", [])))


def _mapping(request: Request, name: str) -> dict[str, str]:
    try:
        found = json.loads(request.first(name) or "{}")
    except ValueError:
        raise refusal(400, f"{name} is no JSON") from None
    if not isinstance(found, dict):
        raise refusal(400, f"{name} is no JSON object")
    return {str(key): str(value) for key, value in found.items() if value is not None}


def _login(request: Request) -> str:
    return distribution.login_in(request.headers.get("X-Registry-Auth", ""))


def _pull(store: Images, request: Request) -> Reply:
    repository, tag = request.first("fromImage"), request.first("tag") or "latest"
    try:
        found = pulling.find(repository, tag, _login(request))
    except NotInRegistry as problem:
        raise refusal(404, str(problem)) from None
    except BuildFailed as problem:
        raise refusal(500, str(problem)) from None
    return _stream(pulling.run(store, found))


def _log_in(request: Request) -> Reply:
    """Try a login at a registry; the Engine itself keeps none."""
    try:
        sent = json.loads(request.body.whole())
        login = distribution.basic(str(sent["username"]), str(sent["password"]))
        registry = distribution.Registry(str(sent["serveraddress"]), "", login)
        answer = registry.dial("GET", "/v2/")
    except (ValueError, KeyError, TypeError):
        raise refusal(400, "username, password and serveraddress are wanted") from None
    except BuildFailed as problem:
        raise refusal(500, str(problem)) from None
    if answer.status != 200:
        words = f"login attempt to http://{registry.host}/v2/ failed with status: {answer.status}"
        raise refusal(500, words)
    return as_json({"Status": "Login Succeeded", "IdentityToken": ""})


def _push(store: Images, repository: str, tag: str, login: str) -> Iterator[Record]:
    yield {"status": f"The push refers to repository [{repository}]"}
    tags = [tag] if tag else _tags(store, repository)
    if not tags or not any(name.rpartition(":")[0] == repository for name in list(store.names)):
        words = f"An image does not exist locally with the tag: {repository}"
        yield pushing.failure(words)
        return
    for each in tags:
        image = store.find(f"{repository}:{each}")
        if image is None:
            yield pushing.failure(f"tag does not exist: {repository}:{each}")
            return
        for record in pushing.run(image, repository, each, login):
            if digest := (record.get("aux") or {}).get("Digest"):
                store.remember_push(image, f"{repository}@{digest}")
            yield record


def _tags(store: Images, repository: str) -> list[str]:
    found = (name.rpartition(":") for name in sorted(store.names))
    return [tag for name, _, tag in found if name == repository]


def _stream(records: Iterator[Record]) -> Reply:
    lines = (json.dumps(record).encode() + b"\r\n" for record in records)
    return Reply(200, lines, {"Content-Type": "application/json"})


def _dressed(reply: Reply) -> Reply:
    return Reply(reply.status, reply.body, HEADERS | reply.headers)


def _version() -> dict[str, Any]:
    return {
        "Version": VERSION,
        "ApiVersion": API,
        "MinAPIVersion": "1.12",
        "Os": "linux",
        "Arch": images.architecture(),
        "KernelVersion": platform.release(),
        "Platform": {"Name": "OPS Bot sandbox"},
        "Components": [],
    }


def _information(store: Images) -> dict[str, Any]:
    return {
        "Name": "sandbox",
        "ServerVersion": VERSION,
        "Images": len(store.known),
        "Containers": 0,
        "OSType": "linux",
        "Architecture": platform.machine(),
        "OperatingSystem": "OPS Bot sandbox",
    }


def _summary(store: Images, image: Image) -> dict[str, Any]:
    return {
        "Id": image.id,
        "ParentId": "",
        "RepoTags": store.names_of(image),
        "RepoDigests": list(store.pushed.get(image.id, [])),
        "Created": 0,
        "Size": image.size,
        "VirtualSize": image.size,
        "SharedSize": -1,
        "Containers": -1,
        "Labels": image.settings.get("Labels"),
    }


def _details(store: Images, image: Image) -> dict[str, Any]:
    summary = _summary(store, image)
    shared = ("Id", "RepoTags", "RepoDigests", "Size", "VirtualSize")
    return {each: summary[each] for each in shared} | {
        "Created": images.EPOCH,
        "Architecture": image.config["architecture"],
        "Os": "linux",
        "Config": image.settings,
        "RootFS": {"Type": "layers", "Layers": image.config["rootfs"]["diff_ids"]},
    }


class _Context:
    """A request's body as the file that `tarfile` reads from."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def read(self, size: int) -> bytes:
        """Return that many bytes, fewer only at the end."""
        pieces = []
        while size > 0 and (piece := self._body.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
