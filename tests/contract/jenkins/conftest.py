"""One suite over two servers: a real Jenkins, and the sandbox's.

The real one needs the address and an API token of an administrator (JENKINS_URL, JENKINS_USER,
JENKINS_TOKEN), the plugins for folders, pipelines, their stage view, input steps and JUnit, and at
least two executors on a machine with a shell. JENKINS_PASSWORD (that user's), JENKINS_READER and
JENKINS_READER_TOKEN (somebody who may only read) add the tests of logins and rights.
"""

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.sandbox.jenkins import running
from opsbot.sandbox.jenkins import server as jenkins
from opsbot.sandbox.jenkins.logins import BUILD, CANCEL, Login, User
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.jenkins.running import Place
from tests.contract.jenkins.stage import Stage, Target

NEEDS = ("JENKINS_URL", "JENKINS_USER", "JENKINS_TOKEN")


class MovableClock:
    """The machine's time, and how far the tests have moved it."""

    def __init__(self) -> None:
        self._moved = 0.0

    def __call__(self) -> float:
        return time.time() + self._moved

    def move(self, seconds: float) -> None:
        self._moved += seconds


@pytest.fixture(scope="session", params=["lab", "sandbox"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    if request.param == "lab":
        yield lab()
    else:
        yield from sandbox(tmp_path_factory.mktemp("jenkins"))


def lab() -> Target:
    absent = [name for name in NEEDS if not os.environ.get(name)]
    if absent:
        pytest.skip(f"no real Jenkins: {', '.join(absent)} not set")
    url, user, token = (os.environ[name] for name in NEEDS)
    reader = (os.environ.get("JENKINS_READER", ""), os.environ.get("JENKINS_READER_TOKEN", ""))
    return Target(
        name="lab",
        url=url.rstrip("/"),
        user=user,
        token=token,
        password=os.environ.get("JENKINS_PASSWORD", ""),
        reader=reader if all(reader) else None,
    )


def sandbox(state: Path) -> Iterator[Target]:
    clock, place = MovableClock(), Place(state, state / "no-repository", {})
    server = Server((), state, partial(running.run, place), executors=4, clock=clock)
    reader = User("reader", lacks=frozenset({BUILD, CANCEL}))
    login = Login(others=(reader,))
    service = jenkins.start(server, login, lambda line: None)
    yield Target(
        name="sandbox",
        url=service.url,
        user=login.user,
        token=login.token,
        password=login.admin.password,
        reader=(reader.name, reader.token),
        sandbox=server,
        pass_seconds=clock.move,
    )
    service.stop()
    server.stop()


@pytest.fixture(scope="session")
def stage(target: Target) -> Iterator[Stage]:
    made = Stage(target)
    made.open()
    yield made
    made.close()


@pytest.fixture(scope="session")
def client(stage: Stage) -> JenkinsClient:
    return stage.client()
