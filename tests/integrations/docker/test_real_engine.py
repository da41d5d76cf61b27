"""Images built, pushed and verified with a real Docker Engine and a real registry."""

import hashlib
import io
import json
import os
import tarfile
import uuid

import pytest

from opsbot.capabilities.docker.push_image import PushImage
from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import client, push_image, verify_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

ENGINE, REGISTRY = os.environ.get("DOCKER_HOST"), os.environ.get("OPSBOT_REGISTRY")

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(
        not (ENGINE and REGISTRY), reason="DOCKER_HOST and OPSBOT_REGISTRY name no Docker Engine"
    ),
]


@pytest.fixture
def docker():
    import docker as sdk

    engine = sdk.APIClient(base_url=ENGINE, timeout=120)
    yield DockerClient(engine, Registry(f"http://{REGISTRY}"))
    engine.close()


@pytest.fixture
def name():
    return f"opsbot-tests/{uuid.uuid4().hex[:12]}"


def an_archive(tmp_path, *, gzipped=False, text="hello", dockerfile="FROM scratch\nCOPY a /a\n"):
    target = tmp_path / f"{uuid.uuid4().hex}.tar"
    with tarfile.open(target, "w:gz" if gzipped else "w") as tar:
        for path, content in {"Dockerfile": dockerfile, "a": text}.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content.encode()))
    return target


def labels_of(archive, commit="6c8a3f2e" * 5):
    return {
        "org.opencontainers.image.revision": commit,
        "io.opsbot.archive.sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
    }


def push(docker, name, archive, labels=None, say=silent, **params):
    wanted = PushImage(image_name=name, tag="v1.0.0-prod", dockerfile="Dockerfile", **params)
    return push_image.run(
        docker, wanted, context=archive, labels=labels or labels_of(archive), say=say
    )


def verify(docker, name, digest, labels):
    wanted = VerifyImage(image_name=f"{name}:v1.0.0-prod")
    return verify_image.run(docker, wanted, digest=digest, labels=labels, say=silent)


@pytest.mark.parametrize("gzipped", [False, True])
def test_an_archive_becomes_an_image_that_can_be_verified(docker, name, tmp_path, gzipped):
    archive = an_archive(tmp_path, gzipped=gzipped)

    output = push(docker, name, archive)
    verified = verify(docker, name, output.digest, labels_of(archive))

    assert output.image == f"{REGISTRY}/{name}:v1.0.0-prod"
    assert verified.reference == f"{REGISTRY}/{name}@{output.digest}"
    assert (verified.layers, verified.signature) == (1, "not_measured")
    assert output.size > 0


def test_the_same_archive_is_adopted_and_not_built_again(docker, name, tmp_path):
    archive, said = an_archive(tmp_path), []
    first = push(docker, name, archive)

    second = push(docker, name, archive, say=said.append)

    assert first == second
    assert said == [f"{first.image} was made from this archive before: adopting {first.digest}."]


def test_a_lost_tag_is_given_back_to_the_image_under_its_lasting_name(docker, name, tmp_path):
    archive = an_archive(tmp_path)
    first = push(docker, name, archive)
    other = an_archive(tmp_path, text="other")
    push(docker, name, other, labels_of(other, commit="b" * 40))

    again = push(docker, name, archive)

    assert again.digest == first.digest
    assert verify(docker, name, first.digest, labels_of(archive)).digest == first.digest


def test_another_image_of_the_same_commit_never_takes_the_lasting_name(docker, name, tmp_path):
    archive = an_archive(tmp_path)
    first = push(docker, name, archive)

    second = push(docker, name, archive, build_args={"EXTRA": "1"})

    lasting = docker.registry.digest(_tagged(name, "v1.0.0-prod-6c8a3f2"))
    assert second.digest != first.digest
    assert lasting == first.digest


def test_a_build_that_fails_inside_the_stream_fails_the_step(docker, name, tmp_path):
    archive = an_archive(tmp_path, dockerfile="FROM scratch\nCOPY missing /x\n")

    with pytest.raises(StepFailed, match="missing"):
        push(docker, name, archive)


def test_a_missing_dockerfile_is_named(docker, name, tmp_path):
    archive = an_archive(tmp_path)
    wanted = PushImage(image_name=name, tag="v1", dockerfile="nope/Dockerfile")

    with pytest.raises(StepFailed, match="nope/Dockerfile"):
        push_image.run(docker, wanted, context=archive, labels=labels_of(archive), say=silent)


def test_an_archive_that_is_not_the_builds_is_refused(docker, name, tmp_path):
    labels = labels_of(an_archive(tmp_path, text="the build's"))

    with pytest.raises(StepFailed, match="Fetch the archive"):
        push(docker, name, an_archive(tmp_path, text="somebody's"), labels)


def test_an_image_of_another_origin_is_not_verified(docker, name, tmp_path):
    archive = an_archive(tmp_path)
    output = push(docker, name, archive)

    with pytest.raises(StepFailed, match="not made from this run's archive"):
        verify(docker, name, output.digest, labels_of(archive, commit="c" * 40))


def test_a_moved_tag_is_not_verified(docker, name, tmp_path):
    archive, other = an_archive(tmp_path), an_archive(tmp_path, text="other")
    first = push(docker, name, archive)
    push(docker, name, other, labels_of(other, commit="b" * 40))

    with pytest.raises(StepFailed, match="somebody moved the tag"):
        verify(docker, name, first.digest, labels_of(archive))


def _tagged(name, tag):
    from opsbot.integrations.docker.names import ImageName

    return ImageName(host=REGISTRY, repository=name, tag=tag)


def test_an_airflow_connection_reaches_engine_and_registry(monkeypatch, name, tmp_path):
    host, _, port = REGISTRY.partition(":")
    connection = {
        "conn_type": "docker",
        "host": host,
        "port": int(port),
        "extra": {"engine": ENGINE, "build_args": {"GREETING": "from the platform"}},
    }
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_DOCKER", json.dumps(connection))
    archive = an_archive(
        tmp_path, dockerfile="FROM scratch\nARG GREETING\nLABEL greeting=$GREETING\nCOPY a /a\n"
    )
    docker = client.connect("opsbot_docker")

    output = push(docker, name, archive)

    image = _tagged(name, "v1.0.0-prod")
    labels = docker.registry.labels(image, docker.registry.manifest(image))
    assert output.image == str(image)
    assert labels["greeting"] == "from the platform"
