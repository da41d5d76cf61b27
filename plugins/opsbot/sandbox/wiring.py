"""Put the systems together: each knows the addresses of those it needs, and nothing else.

Order matters twice. The engine's base image is pushed before anybody builds on it; and at the end
builds stop before the systems they talk to, pods before the registry they come from.

A system that is real elsewhere is left out here. Jenkins and Slack always are the sandbox's.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from opsbot.sandbox import repository
from opsbot.sandbox.docker import base_image
from opsbot.sandbox.docker import server as docker
from opsbot.sandbox.docker.images import Images
from opsbot.sandbox.jenkins import application_jobs, running, scanners
from opsbot.sandbox.jenkins import server as jenkins
from opsbot.sandbox.jenkins.queue import Server as JenkinsServer
from opsbot.sandbox.jenkins.running import Place
from opsbot.sandbox.jenkins.scanners import Scanner
from opsbot.sandbox.jenkins.server import Login
from opsbot.sandbox.kubernetes import server as kubernetes
from opsbot.sandbox.registry import server as registry
from opsbot.sandbox.slack import server as slack
from opsbot.sandbox.slack.server import Channel
from opsbot.sandbox.sonarqube import server as sonarqube
from opsbot.sandbox.sonarqube.tasks import Server as SonarServer

Log = Callable[[str], None]
Json = dict[str, Any]


@dataclass(frozen=True)
class Real:
    """The systems that are real, so that the sandbox has none of its own."""

    docker: bool = False
    """The Docker Engine and the registry, which only go together."""
    kubernetes: bool = False
    sonarqube: Json | None = None
    """`url` and `token` of the server that Jenkins' jobs send their analyses to."""


@dataclass(frozen=True)
class Sandbox:
    """All systems, up."""

    addresses: Json
    _stack: ExitStack

    def stop(self) -> None:
        """Stop everything, in the opposite order."""
        self._stack.close()


def start(state: Path, scenario: str, log: Log, real: Real | None = None) -> Sandbox:
    """Start all systems and return where they are; nothing is left up if one cannot start."""
    state.mkdir(parents=True, exist_ok=True)
    real = real or Real()
    with ExitStack() as stack:
        sources = repository.lay(state / "repository", scenario)
        scanner = scanners.real(state / "jenkins") if real.sonarqube else scanners.own()
        sonar = real.sonarqube or _sonarqube(stack, log)
        addresses = {
            **({} if real.docker else _images(state, stack, log)),
            "slack": _slack(stack, log),
            **({} if real.kubernetes else _kubernetes(state, stack, log)),
            "sonarqube": sonar,
            "jenkins": _jenkins(_builds(state, sources, sonar, scanner), scanner, stack, log),
            "repository": str(sources),
        }
        return Sandbox(addresses, stack.pop_all())


def _images(state: Path, stack: ExitStack, log: Log) -> Json:
    stored = registry.start(state / "registry", log)
    stack.callback(stored.stop)
    images = Images()
    base = base_image.provide(images, stored.address)
    engine = docker.start(images, log)
    stack.callback(engine.stop)
    docker_address = {"host": f"tcp://{engine.address}"}
    return {"registry": stored.address, "docker": docker_address, "base_image": base}


def _slack(stack: ExitStack, log: Log) -> Json:
    channel = Channel()
    service = slack.start(channel, log)
    stack.callback(service.stop)
    webhook = f"{service.url}{channel.path}"
    return {"webhook": webhook, "messages": f"{service.url}/messages"}


def _kubernetes(state: Path, stack: ExitStack, log: Log) -> Json:
    cluster = kubernetes.start(state / "kubernetes", log)
    stack.callback(cluster.stop)
    return {"kubernetes": {"kubeconfig": str(cluster.kubeconfig), "url": cluster.url}}


def _sonarqube(stack: ExitStack, log: Log) -> Json:
    server = SonarServer()
    service = sonarqube.start(server, log)
    stack.callback(server.stop)
    stack.callback(service.stop)
    return {"url": service.url, "token": server.token}


def _builds(state: Path, sources: Path, sonar: Json, scanner: Scanner) -> Place:
    server = {"SONAR_HOST_URL": sonar["url"], "SONAR_TOKEN": sonar["token"]}
    variables = server | scanner.variables
    return Place(state / "jenkins", sources, variables, secrets=(sonar["token"],))


def _jenkins(place: Place, scanner: Scanner, stack: ExitStack, log: Log) -> Json:
    jobs = application_jobs.of_all(scanner)
    server = JenkinsServer(jobs, place.state, partial(running.run, place))
    login = Login()
    service = jenkins.start(server, login, log)
    stack.callback(service.stop)
    stack.callback(server.stop)
    return {"url": service.url, "user": login.user, "token": login.token}
