"""A Jenkins to test on: real or the sandbox's, with jobs in a folder that is removed at the end."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import quote

import pytest
import requests

from opsbot.capabilities import catalog
from opsbot.integrations import web
from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient, Limits
from opsbot.integrations.waiting import Patience
from opsbot.sandbox.jenkins.jobs import Folder
from opsbot.sandbox.jenkins.queue import Server
from opsbot.vocabulary.progress import silent
from opsbot.vocabulary.words import ServerKind
from tests.contract.jenkins import recipes
from tests.contract.jenkins.recipes import Recipe

LONGEST = 60.0
FOLDERS = {
    "folder": "com.cloudbees.hudson.plugins.folder.Folder",
    "multibranch": "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject",
}


@dataclass(frozen=True)
class Target:
    """A server and its users."""

    name: str
    url: str
    user: str
    token: str
    password: str = ""
    """Of the same user; empty: not known."""
    reader: tuple[str, str] | None = None
    """Name and token of a user who may see jobs, and neither build nor cancel."""
    sandbox: Server | None = None
    pass_seconds: Callable[[float], None] | None = None
    """Moves the server's clock; a real one has nothing like it."""


@dataclass
class Stage:
    """What the tests make on a target."""

    target: Target
    folder: str = field(default_factory=lambda: f"opsbot-contract-{uuid.uuid4().hex[:8]}")

    def open(self) -> None:
        """Make the folder that all is in."""
        self._make_folder(self.folder, "folder")

    def close(self) -> None:
        """Remove it and stop what runs in it."""
        if self.target.sandbox is None:
            self.send("POST", f"{addresses.of_job(self.folder)}doDelete")

    def client(
        self, url: str = "", user: str = "", secret: str = "", limits: Limits | None = None
    ) -> JenkinsClient:
        """Return a client; the target's own user, if none is named."""
        name, token = (user, secret) if user else (self.target.user, self.target.token)
        server = web.Server(
            "Jenkins",
            url or self.target.url,
            auth=(name, token),
            patience=Patience(total=10, first=0.2, longest=2),
        )
        quick = Patience(total=LONGEST, first=0.05, longest=0.5)
        look = 0.3 if self.target.sandbox else 3.0
        wanted = limits or Limits(queue=quick, build=quick, stop=quick, second_look=look)
        return JenkinsClient(server, user=name, limits=wanted)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a plain request, following nothing."""
        options.setdefault("auth", (self.target.user, self.target.token))
        return requests.request(
            method, f"{self.target.url}/{path}", allow_redirects=False, timeout=30, **options
        )

    def json(self, path: str, **params: str) -> Any:
        """Return what the server says of an object."""
        answer = self.send("GET", f"{path}api/json", params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def job(self, word: str, recipe: Recipe, folder: str = "") -> str:
        """Make a job and return its full name."""
        name = f"{folder or self.folder}/{word}"
        if self.target.sandbox is not None:
            self.target.sandbox.add(recipes.for_sandbox(name, recipe))
        else:
            self._create(name, {}, recipes.as_config(recipe))
        return name

    def holder(self, word: str, kind: str) -> str:
        """Make a folder or an empty multibranch project in the stage's folder."""
        name = f"{self.folder}/{word}"
        self._make_folder(name, kind)
        return name

    def branch(self, holder: str, name: str, recipe: Recipe) -> str:
        """Make the job of a branch; a real server would have to find it in a repository."""
        if self.target.sandbox is None:
            pytest.skip("the branches of a real multibranch project come from a repository")
        return self.job(name, recipe, holder)

    def pass_minutes(self, minutes: float) -> None:
        """Let time pass on the server."""
        if self.target.pass_seconds is None:
            pytest.skip("the clock of a real server cannot be moved")
        self.target.pass_seconds(minutes * 60)

    def trigger(self, job: str, delay: str = "0sec", **values: str) -> int:
        """Trigger a build as another caller would and return its queue item."""
        answer = self.post_trigger(job, delay, **values)
        assert answer.status_code in (201, 303), answer.text[:300]
        return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])

    def post_trigger(self, job: str, delay: str = "0sec", **values: str) -> requests.Response:
        """Send a trigger and return the answer."""
        path = addresses.of_job(job)
        declared = self.json(path, tree="property[parameterDefinitions[name]]")["property"]
        action = "buildWithParameters" if any(declared) else "build"
        return self.send("POST", f"{path}{action}", params={"delay": delay}, data=values)

    def run(self, job: str, **values: str) -> int:
        """Build to the end and return the build's number."""
        number = self.started(self.trigger(job, **values))
        self.ended(job, number)
        return number

    def started(self, queue_id: int) -> int:
        """Wait until an item is a build and return its number."""

        def look() -> int | None:
            executable = self.json(f"queue/item/{queue_id}/").get("executable")
            return executable["number"] if executable else None

        return awaited(look, f"queue item {queue_id} did not start")

    def ended(self, job: str, number: int) -> dict[str, Any]:
        """Wait until a build has ended and return it."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.json(addresses.of_build(job, number))
            return None if found["building"] or found.get("inProgress") else found

        return awaited(look, f"{job} #{number} did not end")

    def asked(self, job: str, number: int) -> None:
        """Wait until a build waits for somebody's answer."""
        path = f"{addresses.of_build(job, number)}wfapi/pendingInputActions"
        awaited(lambda: self.send("GET", path).json() or None, f"{job} #{number} asks nothing")

    def builds(self, job: str) -> list[int]:
        """Return the numbers of a job's builds."""
        found = self.json(addresses.of_job(job), tree="builds[number]")["builds"]
        return [each["number"] for each in found]

    def _make_folder(self, name: str, kind: str) -> None:
        if self.target.sandbox is not None:
            self.target.sandbox.add(Folder(name, "folder" if kind == "folder" else "multibranch"))
        else:
            self._create(name, {"mode": FOLDERS[kind]}, "")

    def _create(self, name: str, params: dict[str, str], config: str) -> None:
        folder, _, word = name.rpartition("/")
        path = f"{addresses.of_job(folder) if folder else ''}createItem?name={quote(word)}"
        headers = {"Content-Type": "text/xml"} if config else {}
        answer = self.send("POST", path, params=params, data=config, headers=headers)
        assert answer.status_code in (200, 302), f"{name}: {answer.status_code} {answer.text[:300]}"


def awaited(look: Callable[[], Any], otherwise: str) -> Any:
    """Look until something is there."""
    end = time.monotonic() + LONGEST
    while (found := look()) is None:
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)
    return found


def call(client: JenkinsClient, tool: str, **arguments: Any) -> Any:
    """Call a tool by its name, as the operator does."""
    capability = catalog.native().find(ServerKind.JENKINS, tool)
    assert capability is not None
    params = capability.params.model_validate(arguments)
    return import_module(f"opsbot.integrations.jenkins.{tool}").run(client, params, say=silent)
