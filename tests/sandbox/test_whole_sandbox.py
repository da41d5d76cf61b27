"""The whole sandbox as its own process: from the repository to an image in the registry."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import docker
import jenkins
import psutil
import requests

from opsbot.configuration import organisation
from opsbot.doors import quality_gates
from opsbot.integrations.sonarqube import client as sonarqube
from opsbot.sandbox import machine
from opsbot.sandbox.jenkins.scanners import REPORT_TASK
from opsbot.vocabulary.progress import silent

PLUGINS = Path(__file__).parents[2] / "plugins"


@contextmanager
def sandbox(
    state: Path, scenario: str, *more: str, variables: Mapping[str, str] = MappingProxyType({})
) -> Iterator[dict[str, Any]]:
    arguments = ["--state", str(state), "--scenario", scenario, *more]
    process = subprocess.Popen(
        [sys.executable, "-m", "opsbot.sandbox", *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PLUGINS), **variables},
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def build(addresses: dict[str, Any], job: str, branch: str) -> tuple[Any, int]:
    where = addresses["jenkins"]
    client = jenkins.Jenkins(where["url"], where["user"], where["token"], timeout=10)
    item = client.build_job(job, {"branch": branch})
    for _ in range(600):
        if executable := client.get_queue_item(item).get("executable"):
            number = int(executable["number"])
            if not client.get_build_info(job, number)["building"]:
                assert client.get_build_info(job, number)["result"] == "SUCCESS"
                return client, number
        time.sleep(0.1)
    raise AssertionError("the build did not end")


def artifact(addresses: dict[str, Any], job: str, number: int, path: str) -> bytes:
    where = addresses["jenkins"]
    answer = requests.get(
        f"{where['url']}/job/{job}/{number}/artifact/{path}", auth=(where["user"], where["token"])
    )
    assert answer.status_code == 200
    return answer.content


def image(addresses: dict[str, Any], archive: bytes, tag: str) -> str:
    """Build and push, and return the digest."""
    engine = docker.APIClient(base_url=addresses["docker"]["host"], version="auto")
    repository = f"{addresses['registry']}/myorg/my-application"
    arguments = {"BASE": addresses["base_image"], "ENV": "production"}
    built = engine.build(
        fileobj=io.BytesIO(archive),
        custom_context=True,
        dockerfile="Dockerfile.prod",
        tag=f"{repository}:{tag}",
        buildargs=arguments,
        decode=True,
    )
    assert not [record for record in built if "error" in record]
    pushed = list(engine.push(repository, tag=tag, stream=True, decode=True))
    return str(pushed[-1]["aux"]["Digest"])


def unpacked(addresses: dict[str, Any], digest: str, folder: Path) -> dict[str, Any]:
    """Pull an image into a folder, and return its settings."""
    place = f"http://{addresses['registry']}/v2/myorg/my-application"
    manifest = requests.get(f"{place}/manifests/{digest}").json()
    for layer in manifest["layers"]:
        content = requests.get(f"{place}/blobs/{layer['digest']}").content
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == layer["digest"]
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            tar.extractall(folder, filter="data")
    settings: dict[str, Any] = requests.get(f"{place}/blobs/{manifest['config']['digest']}").json()
    return dict(settings["config"])


def start(folder: Path, settings: dict[str, Any], port: str) -> subprocess.Popen[str]:
    """Run an image's command as a pod does."""
    environment = dict(each.split("=", 1) for each in settings["Env"])
    assert settings["Cmd"] == ["node", "server.js"]
    return subprocess.Popen(
        [machine.node(), "server.js"],
        cwd=folder / settings["WorkingDir"].lstrip("/"),
        env={**environment, "HOST": "127.0.0.1", "PORT": port},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_what_a_build_archives_becomes_an_image_that_serves_its_version(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", "success") as addresses:
        _, number = build(addresses, "production-build-pipeline", "refs/tags/v0.9.5")
        record = json.loads(artifact(addresses, "production-build-pipeline", number, "build.json"))
        archive = artifact(addresses, "production-build-pipeline", number, record["archive"])
        digest = image(addresses, archive, "v0.9.5-prod")
        settings = unpacked(addresses, digest, tmp_path / "image")

    assert number == 142
    assert hashlib.sha256(archive).hexdigest() == record["archive_sha256"]
    assert record["version"] == "0.9.5"
    port = free_port()
    server = start(tmp_path / "image", settings, port)
    assert server.stdout is not None
    assert server.stdout.readline() == f"Server started on port {port}\n"
    answer = requests.get(f"http://127.0.0.1:{port}/").json()
    server.terminate()
    assert server.wait(timeout=10) == 0
    assert answer == {"message": "Hello from production", "version": "0.9.5"}


def test_a_build_keeps_five_artifacts(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", "success") as addresses:
        client, number = build(addresses, "production-build-pipeline", "main")
        found = client.get_build_info("production-build-pipeline", number)["artifacts"]

    assert sorted(each["relativePath"] for each in found) == [
        "application.tar",
        "build.json",
        "dist/bill-of-materials.json",
        "dist/checksums.sha256",
        "dist/openapi.json",
    ]


def test_lost_settings_pass_every_check_and_crash_the_container(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", "missing-config") as addresses:
        quality_gates.provide(sonarqube.of(**addresses["sonarqube"]), organisation.load(), silent)
        _, tested = build(addresses, "my-application-tests", "main")
        facts = artifact(addresses, "my-application-tests", tested, REPORT_TASK).decode()
        verdict = gate(addresses, dict(line.split("=", 1) for line in facts.splitlines()))
        _, number = build(addresses, "production-build-pipeline", "main")
        archive = artifact(addresses, "production-build-pipeline", number, "application.tar")
        digest = image(addresses, archive, "v1.0.0-prod")
        settings = unpacked(addresses, digest, tmp_path / "image")

    assert verdict["status"] == "OK"
    assert verdict["conditions"]
    server = start(tmp_path / "image", settings, free_port())
    _, words = server.communicate(timeout=30)
    assert server.returncode == 1
    assert "Error: Cannot find module './config/production.json'" in words


def gate(addresses: dict[str, Any], facts: dict[str, str]) -> dict[str, Any]:
    token = {"Authorization": f"Bearer {addresses['sonarqube']['token']}"}
    for _ in range(300):
        task = requests.get(facts["ceTaskUrl"], headers=token).json()["task"]
        if task["status"] == "SUCCESS":
            break
        time.sleep(0.05)
    found: dict[str, Any] = requests.get(
        f"{facts['serverUrl']}/api/qualitygates/project_status",
        params={"analysisId": task["analysisId"]},
        headers=token,
    ).json()["projectStatus"]
    return found


def process_of(state: Path) -> psutil.Process:
    """Return the sandbox that lives in a folder; other tests may run others."""
    (child,) = (
        each
        for each in psutil.Process().children()
        if "opsbot.sandbox" in (words := each.cmdline()) and str(state / "state") in words
    )
    return child


def test_nothing_listens_beyond_this_machine(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", "success"):
        child = process_of(tmp_path)
        listening = {each.laddr.ip for each in child.net_connections() if each.status == "LISTEN"}

    assert listening
    assert all(address.startswith("127.") for address in listening)


def running_tests(sandbox: Any) -> list[Any]:
    """Wait until the application's tests run, and return all processes of the sandbox."""
    for _ in range(1500):
        commands: list[Any] = sandbox.children(recursive=True)
        if [each for each in commands if each.name() == "node"]:
            return commands
        time.sleep(0.01)
    raise AssertionError("no tests were started")


def test_a_stop_in_the_middle_of_a_build_ends_its_commands(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", "success") as addresses:
        where = addresses["jenkins"]
        client = jenkins.Jenkins(where["url"], where["user"], where["token"], timeout=10)
        client.build_job("my-application-tests", {"branch": "main"})
        child = process_of(tmp_path)
        commands = running_tests(child)

    assert commands
    psutil.wait_procs(commands, timeout=10)
    assert not [each for each in commands if each.is_running()]


def test_an_unknown_scenario_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "opsbot.sandbox", "--state", str(tmp_path), "--scenario", "none"],
        env={**os.environ, "PYTHONPATH": str(PLUGINS)},
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 2
    assert "missing-config" in ended.stderr


def test_what_is_real_elsewhere_is_left_out(tmp_path: Path) -> None:
    real = {"SONAR_HOST_URL": "http://127.0.0.1:9100", "SONAR_TOKEN": "squ_elsewhere"}
    without = [f"--without={each}" for each in ("docker", "kubernetes", "sonarqube")]

    with sandbox(tmp_path / "state", "success", *without, variables=real) as addresses:
        assert set(addresses) == {"slack", "sonarqube", "jenkins", "repository"}
        assert addresses["sonarqube"] == {"url": "http://127.0.0.1:9100", "token": "squ_elsewhere"}


def test_a_real_sonarqube_must_be_named(tmp_path: Path) -> None:
    nothing = {**os.environ, "PYTHONPATH": str(PLUGINS), "SONAR_HOST_URL": "", "SONAR_TOKEN": ""}
    ended = subprocess.run(
        [sys.executable, "-m", "opsbot.sandbox", "--state", str(tmp_path), "--without=sonarqube"],
        env=nothing,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert "SONAR_HOST_URL" in ended.stderr


def test_each_application_is_made_from_the_same_sources_under_its_own_name(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state", "success") as addresses:
        _, built = build(addresses, "payments-api-build-pipeline", "main")
        record = json.loads(artifact(addresses, "payments-api-build-pipeline", built, "build.json"))
        _, tested = build(addresses, "payments-api-tests", "main")
        facts = artifact(addresses, "payments-api-tests", tested, REPORT_TASK).decode()

    assert record["version"] == "1.0.0"
    assert "projectKey=payments-api\n" in facts
