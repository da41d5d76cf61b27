"""From a build to a verified image, on the running sandbox, over real Airflow connections."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.capabilities.jenkins.trigger_build import TriggerBuild
from opsbot.capabilities.sonarqube.analyze_project import AnalyzeProject
from opsbot.capabilities.sonarqube.get_vulnerabilities import GetVulnerabilities
from opsbot.configuration import organisation
from opsbot.doors import quality_gates
from opsbot.integrations.docker import client as docker_client
from opsbot.integrations.docker import push_image, verify_image
from opsbot.integrations.jenkins import artifacts, run_tests, trigger_build
from opsbot.integrations.jenkins import client as jenkins_client
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.integrations.slack import post
from opsbot.integrations.sonarqube import analyze_project, get_vulnerabilities
from opsbot.integrations.sonarqube import client as sonarqube_client
from opsbot.vocabulary.progress import silent

START_SECONDS = 60


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    state = tmp_path_factory.mktemp("sandbox")
    process = subprocess.Popen(
        [sys.executable, "-m", "opsbot.sandbox", "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=(state / "stderr").open("wb"),
        text=True,
    )
    limit = threading.Timer(START_SECONDS, process.kill)
    limit.start()
    line = process.stdout.readline()
    limit.cancel()
    assert line, (state / "stderr").read_text()[-2000:]
    addresses = json.loads(line)
    judged = sonarqube_client.of(**addresses["sonarqube"])
    quality_gates.provide(judged, organisation.load(), silent)
    yield addresses
    process.terminate()
    process.wait(30)


@pytest.fixture
def connections(sandbox, monkeypatch):
    def connect(id, **fields):
        monkeypatch.setenv(f"AIRFLOW_CONN_{id.upper()}", json.dumps(fields))

    _, _, place = sandbox["jenkins"]["url"].partition("://")
    host, _, port = place.rstrip("/").partition(":")
    connect(
        "opsbot_jenkins",
        conn_type="jenkins",
        host=host,
        port=int(port),
        login=sandbox["jenkins"]["user"],
        password=sandbox["jenkins"]["token"],
    )
    connect(
        "opsbot_sonarqube",
        conn_type="sonarqube",
        host=sandbox["sonarqube"]["url"],
        password=sandbox["sonarqube"]["token"],
    )
    connect(
        "opsbot_docker",
        conn_type="docker",
        host=sandbox["registry"],
        extra={
            "engine": sandbox["docker"]["host"],
            "build_args": {"BASE": sandbox["base_image"]},
        },
    )
    connect("opsbot_slack", conn_type="slackwebhook", password=sandbox["slack"]["webhook"])
    return connect


def scans_of(tests, say):
    """Judge the analysis that the tests have sent, by its gate and by its vulnerabilities."""
    project, task = tests.analysis.project_key, tests.analysis.task_id
    sonarqube = sonarqube_client.connect("opsbot_sonarqube")
    gate = AnalyzeProject(project_key=project, branch="main", quality_gate="production-gate")
    severe = GetVulnerabilities(project_key=project, severity=("HIGH", "CRITICAL"))
    return (
        analyze_project.run(sonarqube, gate, task_id=task, say=say),
        get_vulnerabilities.run(sonarqube, severe, task_id=task, say=say),
    )


def test_a_commit_becomes_a_verified_image(sandbox, connections, tmp_path):
    jenkins = jenkins_client.connect("opsbot_jenkins")
    said = []

    build = a_build(jenkins, said.append)
    tests = run_tests.run(
        jenkins,
        RunTests(job_name="my-application-tests", branch="main", coverage_required=80),
        key="chain-tests",
        say=said.append,
        memory=ProcessMemory(),
    )
    gate, found = scans_of(tests, said.append)
    image = an_image_of(jenkins, build, tmp_path / "application.tar", said.append)
    again = an_image_of(jenkins, build, tmp_path / "again.tar", said.append)
    verified = verify_image.run(
        docker_client.connect("opsbot_docker"),
        VerifyImage(image_name="myorg/my-application:v1.0.0-prod"),
        digest=image.digest,
        labels=labels_of(build),
        say=silent,
    )

    assert a_build(jenkins, silent) == build
    assert (build.status, build.version) == ("SUCCESS", "1.0.0")
    assert tests.passed > 0
    assert tests.failed == 0
    assert gate.analysis_id == found.analysis_id
    assert image == again
    assert verified.reference == f"{sandbox['registry']}/myorg/my-application@{image.digest}"
    assert verified.layers > 0
    assert said


def test_the_teams_channel_hears_of_it(sandbox, connections):
    import urllib.request

    post.post("opsbot_slack", "#deployments", "Deployed v1.0.0 to production.")

    with urllib.request.urlopen(sandbox["slack"]["messages"]) as answer:
        assert "Deployed v1.0.0 to production." in answer.read().decode()


@pytest.mark.lab
@pytest.mark.skipif(
    not (os.environ.get("DOCKER_HOST") and os.environ.get("OPSBOT_REGISTRY")),
    reason="DOCKER_HOST and OPSBOT_REGISTRY name no Docker Engine",
)
def test_the_same_archive_becomes_an_image_on_a_real_engine(sandbox, connections, tmp_path):
    registry = os.environ["OPSBOT_REGISTRY"]
    connections(
        "opsbot_docker",
        conn_type="docker",
        host=registry,
        extra={
            "engine": os.environ["DOCKER_HOST"],
            "build_args": {"BASE": f"{registry}/base/node:20"},
        },
    )
    jenkins = jenkins_client.connect("opsbot_jenkins")
    build = a_build(jenkins, silent)

    image = an_image_of(jenkins, build, tmp_path / "application.tar", silent, "opsbot-tests/chain")
    verified = verify_image.run(
        docker_client.connect("opsbot_docker"),
        VerifyImage(image_name="opsbot-tests/chain:v1.0.0-prod"),
        digest=image.digest,
        labels=labels_of(build),
        say=silent,
    )

    assert verified.reference == f"{registry}/opsbot-tests/chain@{image.digest}"


def a_build(jenkins, say):
    return trigger_build.run(
        jenkins,
        TriggerBuild(
            job_name="production-build-pipeline",
            branch="main",
            parameters={"environment": "production", "clean_build": True},
        ),
        key="chain-build",
        say=say,
        memory=ProcessMemory(),
    )


def an_image_of(jenkins, build, archive: Path, say, name="myorg/my-application"):
    digest = artifacts.download(
        jenkins, build.job, build.build_number, build.archive, archive, limit=50_000_000
    )
    assert digest == build.archive_sha256
    return push_image.run(
        docker_client.connect("opsbot_docker"),
        PushImage(image_name=name, tag="v1.0.0-prod", dockerfile="Dockerfile.prod"),
        context=archive,
        labels=labels_of(build),
        say=say,
    )


def labels_of(build):
    return {
        "org.opencontainers.image.revision": build.commit,
        "org.opencontainers.image.version": build.version,
        "io.opsbot.archive.sha256": build.archive_sha256,
    }
