"""One suite over two servers: a real SonarQube where the environment names one, and the sandbox.

The real one needs the address and an administrator's user token (SONAR_HOST_URL, SONAR_TOKEN), and
the analysis of JavaScript and of secrets. It is scanned by pysonar, or by what SONAR_SCANNER says.
A scan takes half a minute, so the tests share five.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsbot.integrations.sonarqube import analysis
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.sandbox.sonarqube import server as sonarqube
from opsbot.sandbox.sonarqube.tasks import Server
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.sonarqube import sources
from tests.contract.sonarqube.stage import SONAR_WAY, Scanned, Stage, Target

NEEDS = ("SONAR_HOST_URL", "SONAR_TOKEN")


@pytest.fixture(scope="session", params=["lab", "sandbox"])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    if request.param == "lab":
        yield lab()
    else:
        yield from sandbox()


def lab() -> Target:
    absent = [name for name in NEEDS if name not in os.environ]
    beside_python = shlex.quote(str(Path(sys.executable).with_name("pysonar")))
    scanner = shlex.split(os.environ.get("SONAR_SCANNER", beside_python))
    if absent or not shutil.which(scanner[0]):
        reason = f"{', '.join(absent)} not set" if absent else f"no scanner {scanner[0]}"
        pytest.skip(f"no real SonarQube: {reason}")
    url, token = (os.environ[name] for name in NEEDS)
    return Target("lab", url.rstrip("/"), token, tuple(scanner), dict(os.environ))


def sandbox() -> Iterator[Target]:
    server = Server()
    service = sonarqube.start(server, lambda line: None)
    scanner = (sys.executable, "-m", "opsbot.sandbox.sonarqube.scanner")
    plugins = Path(__file__).parents[3] / "plugins"
    environment = {
        **os.environ,
        "PYTHONPATH": str(plugins),
        "SONAR_HOST_URL": service.url,
        "SONAR_TOKEN": server.token,
    }
    yield Target("sandbox", service.url, server.token, scanner, environment)
    service.stop()
    server.stop()


@pytest.fixture(scope="session")
def stage(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(target, tmp_path_factory.mktemp("sonarqube"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def client(stage: Stage) -> SonarClient:
    return stage.client()


@pytest.fixture(scope="session")
def gate(stage: Stage) -> str:
    return stage.gate()


@pytest.fixture(scope="session")
def analyst(stage: Stage) -> SonarClient:
    """A client whose token may analyse, and read almost nothing."""
    return stage.client(stage.analysis_token())


@pytest.fixture(scope="session")
def never(stage: Stage, gate: str) -> str:
    """The key of a project that was never analysed."""
    return stage.project("never", gate)


@pytest.fixture(scope="session")
def clean(stage: Stage, gate: str) -> Scanned:
    """A project that keeps every condition of its gate."""
    key = stage.project("clean", gate)
    return awaited(stage, stage.scan(key, sources.CLEAN, sources.CLEAN_COVERAGE))


@pytest.fixture(scope="session")
def faulty(stage: Stage, gate: str) -> Scanned:
    """A project that breaks every condition of its gate."""
    key = stage.project("faulty", gate)
    return awaited(stage, stage.scan(key, sources.FAULTY, sources.FAULTY_COVERAGE))


@pytest.fixture(scope="session")
def first(stage: Stage) -> Scanned:
    """A first analysis under the built-in gate, without a coverage report."""
    key = stage.project("first", SONAR_WAY)
    return awaited(stage, stage.scan(key, sources.FAULTY, ""))


@pytest.fixture(scope="session")
def outdated(stage: Stage, gate: str) -> Scanned:
    """A clean project whose newest report the server refuses: it says it is older."""
    key = stage.project("outdated", gate)
    awaited(stage, stage.scan(key, sources.CLEAN, sources.CLEAN_COVERAGE))
    old = stage.scan(key, sources.CLEAN, sources.CLEAN_COVERAGE, projectDate="2020-01-01")
    with pytest.raises(StepFailed, match="could not analyse"):
        awaited(stage, old)
    return old


def awaited(stage: Stage, scanned: Scanned) -> Scanned:
    analysis.wait_for(stage.client(), scanned.task_id, scanned.key, silent)
    return scanned
