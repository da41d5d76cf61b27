"""What goes wrong between an Engine, a registry and us, and what is said of it."""

import tarfile
from pathlib import Path

import pytest
import requests

from opsbot.integrations.docker.client import DockerClient
from opsbot.vocabulary.errors import StepFailed, TryAgain
from tests.contract.docker.archives import labels_of
from tests.contract.docker.conftest import Connect
from tests.contract.docker.yard import TAG, Yard
from tests.contract.registry import places
from tests.contract.registry.places import Guarded

LOGIN = {"login": places.USER, "password": places.PASSWORD}


@pytest.fixture
def logged_in(guarded_yard: Yard, guarded: Guarded, connect: Connect) -> Yard:
    """A yard whose Airflow connection holds the registry's login, for Engine and client."""
    guarded_yard.client = connect(guarded.address, **LOGIN)
    return guarded_yard


def test_a_login_lets_all_through(logged_in: Yard) -> None:
    archive = logged_in.archive()

    pushed = logged_in.push(archive)
    logged_in.forget()

    assert logged_in.pull().digest == pushed.digest
    assert logged_in.verify(labels=labels_of(archive)).digest == pushed.digest


def test_a_wrong_login_is_told_before_anything_is_built(
    guarded_yard: Yard, guarded: Guarded, connect: Connect
) -> None:
    with pytest.raises(StepFailed, match="check the connection's login and password"):
        connect(guarded.address, login="bot", password="wrong")


def test_a_push_that_the_registry_denies_fails_the_step(guarded_yard: Yard) -> None:
    with pytest.raises(StepFailed, match=r"failed at pushing .*no basic auth credentials"):
        guarded_yard.push(guarded_yard.archive())


def test_a_pull_that_the_registry_denies_fails_the_step(
    logged_in: Yard, docker: DockerClient
) -> None:
    logged_in.push(logged_in.archive())
    logged_in.forget()
    logged_in.client.engine = docker.engine  # which has no login

    with pytest.raises(StepFailed, match=r"failed at pulling .*no basic auth credentials"):
        logged_in.pull()


@pytest.mark.parametrize("tool", ["metadata", "tags", "verify", "pull"])
def test_a_registry_that_wants_a_login_is_told(
    guarded_yard: Yard, guarded: Guarded, tool: str
) -> None:
    guarded_yard.client.registry = guarded.client(None, None)

    with pytest.raises(StepFailed, match=r"401.*check the connection's login and password"):
        getattr(guarded_yard, tool)()


@pytest.mark.parametrize("tool", ["metadata", "verify", "pull"])
def test_a_registry_with_a_fault_of_its_own_may_be_asked_again(
    logged_in: Yard, guarded: Guarded, tool: str
) -> None:
    logged_in.push(logged_in.archive())
    logged_in.client.registry = guarded.client()
    guarded.tag_file(logged_in.repository, TAG).write_text("garbage")

    with pytest.raises(TryAgain, match="500"):
        getattr(logged_in, tool)()


def test_a_layer_with_other_bytes_is_neither_verified_nor_pulled(
    logged_in: Yard, guarded: Guarded
) -> None:
    logged_in.push(logged_in.archive())
    (layer,) = logged_in.metadata().layers
    guarded.blob_file(layer.digest).write_bytes(bytes(layer.size))
    logged_in.forget()

    with pytest.raises(StepFailed, match="is damaged in the registry"):
        logged_in.verify()
    with pytest.raises(StepFailed, match="verification failed for digest"):
        logged_in.pull()


@pytest.mark.parametrize("tool", ["metadata", "verify", "pull"])
def test_a_manifest_with_other_bytes_is_believed_by_no_tool(
    logged_in: Yard, guarded: Guarded, tool: str
) -> None:
    digest = logged_in.push(logged_in.archive()).digest
    file = guarded.manifest_file(logged_in.repository, digest)
    file.write_bytes(file.read_bytes() + b" ")

    with pytest.raises(StepFailed, match="the manifest is damaged"):
        getattr(logged_in, tool)()


def test_a_damaged_manifest_gets_no_further_tag(logged_in: Yard, guarded: Guarded) -> None:
    digest = logged_in.push(logged_in.archive()).digest
    file = guarded.manifest_file(logged_in.repository, digest)
    file.write_bytes(file.read_bytes() + b" ")

    with pytest.raises(StepFailed, match="the manifest is damaged"):
        logged_in.tag("v1.0.0-prod", digest=digest)

    assert "v1.0.0-prod" not in logged_in.tags().tags


def test_an_image_that_was_deleted_is_told(yard: Yard) -> None:
    pushed = yard.push(yard.archive())
    place = f"http://{yard.client.registry.host}/v2/{yard.repository}/manifests/{pushed.digest}"
    requests.delete(place)

    for call in (yard.verify, yard.pull, lambda: yard.tag("v2", digest=pushed.digest)):
        with pytest.raises(StepFailed, match="is not in the registry"):
            call()
    with pytest.raises(StepFailed, match="has none of the tags"):
        yard.metadata()
    assert yard.tags().tags == ()


def test_an_image_of_another_origin_is_not_verified(yard: Yard) -> None:
    archive = yard.archive()
    output = yard.push(archive)

    with pytest.raises(StepFailed, match="not made from this run's archive"):
        yard.verify(digest=output.digest, labels=labels_of(archive, commit="c" * 40))


def test_a_moved_tag_is_not_verified(yard: Yard) -> None:
    archive, other = yard.archive(), yard.archive(text="other")
    first = yard.push(archive)
    yard.push(other, labels_of(other, commit="b" * 40))

    with pytest.raises(StepFailed, match="somebody moved the tag"):
        yard.verify(digest=first.digest, labels=labels_of(archive))


def test_s16_an_archive_that_leads_out_never_reaches_the_engine(yard: Yard) -> None:
    archive = yard.archive()
    with tarfile.open(archive, "a") as tar:
        tar.addfile(tarfile.TarInfo(f"../../../{yard.repository}"))

    with pytest.raises(StepFailed, match="leads out of it"):
        yard.push(archive)

    assert not (Path("/") / yard.repository).exists()
    assert yard.client.registry.tags(yard.name()) is None


def test_an_engine_that_is_away_may_be_asked_again(yard: Yard, connect: Connect) -> None:
    with pytest.raises(TryAgain, match="Is it running"):
        connect(extra={"engine": "tcp://127.0.0.1:1"})
