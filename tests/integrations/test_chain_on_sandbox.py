"""From a build to a verified image, on the running sandbox, over real Airflow connections."""

import importlib.util
import json
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
from opsbot.integrations.docker import client as docker_client
from opsbot.integrations.docker import push_image, verify_image
from opsbot.integrations.jenkins import artifacts, run_tests, trigger_build
from opsbot.integrations.jenkins import client as jenkins_client
from opsbot.integrations.slack import post
from opsbot.integrations.sonarqube import analyze_project, get_vulnerabilities
from opsbot.integrations.sonarqube import client as sonarqube_client
from opsbot.vocabulary.progress import silent

START_SECONDS = 60

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("opsbot.sandbox.__main__") is None,
    reason="the sandbox cannot be started yet",
)


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
    yield json.loads(line)
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


def test_a_commit_becomes_a_verified_image(sandbox, connections, tmp_path):
    jenkins = jenkins_client.connect("opsbot_jenkins")
    said = []

    def build_once():
        return trigger_build.run(
            jenkins,
            TriggerBuild(
                job_name="production-build-pipeline",
                branch="main",
                parameters={"environment": "production", "clean_build": True},
            ),
            key="chain-build",
            say=said.append,
            started=lambda _: None,
        )

    build = build_once()
    tests = run_tests.run(
        jenkins,
        RunTests(job_name="my-application-tests", branch="main", coverage_required=80),
        key="chain-tests",
        say=said.append,
        started=lambda _: None,
    )
    project, task = tests.analysis.project_key, tests.analysis.task_id
    sonarqube = sonarqube_client.connect("opsbot_sonarqube")
    gate = analyze_project.run(
        sonarqube,
        AnalyzeProject(project_key=project, branch="main", quality_gate="production-gate"),
        task_id=task,
        say=said.append,
    )
    found = get_vulnerabilities.run(
        sonarqube,
        GetVulnerabilities(project_key=project, severity=("HIGH", "CRITICAL")),
        task_id=task,
        say=said.append,
    )
    image = an_image_of(jenkins, build, tmp_path / "application.tar", said.append)
    again = an_image_of(jenkins, build, tmp_path / "again.tar", said.append)
    verified = verify_image.run(
        docker_client.connect("opsbot_docker"),
        VerifyImage(image_name="myorg/my-application:v1.0.0-prod"),
        digest=image.digest,
        labels=labels_of(build),
        say=silent,
    )

    assert build_once() == build
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


def an_image_of(jenkins, build, archive: Path, say):
    digest = artifacts.download(
        jenkins, build.job, build.build_number, build.archive, archive, limit=50_000_000
    )
    assert digest == build.archive_sha256
    return push_image.run(
        docker_client.connect("opsbot_docker"),
        PushImage(
            image_name="myorg/my-application", tag="v1.0.0-prod", dockerfile="Dockerfile.prod"
        ),
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
