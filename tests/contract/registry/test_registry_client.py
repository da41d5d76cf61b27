"""What our client makes of a registry: bytes that were checked, or words that say what is wrong."""

import hashlib

import pytest
import requests

from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed, TryAgain
from tests.contract.registry.images import image_of, stored, stored_index
from tests.contract.registry.places import Guarded


def test_what_is_stored_is_read_back_with_the_same_digest(
    registry: Registry, repository: str
) -> None:
    image = image_of(registry, repository)

    manifest = stored(registry, image)

    assert registry.manifest(image) == registry.manifest(image, manifest.digest) == manifest
    assert registry.digest(image) == manifest.digest
    registry.content(image, manifest.layers[0])


def test_a_blob_is_stored_once_and_known_by_its_digest(registry: Registry, repository: str) -> None:
    image, content = image_of(registry, repository), repository.encode()

    first, second = registry.store(image, content), registry.store(image, content)

    assert first == second
    assert first.digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert registry.content(image, first) == content


def test_a_tag_and_a_repository_that_are_not_there_are_none(
    registry: Registry, repository: str
) -> None:
    image = image_of(registry, repository)

    assert registry.manifest(image) is None
    assert registry.digest(image) is None
    assert registry.tags(image) is None


def test_tags_are_listed_without_an_order(registry: Registry, repository: str) -> None:
    for tag in ("v2", "v10", "v1"):
        stored(registry, image_of(registry, repository, tag))

    found = registry.tags(image_of(registry, repository))

    assert sorted(found or []) == ["v1", "v10", "v2"]


def test_a_repository_whose_last_manifest_was_deleted_has_no_tags(
    registry: Registry, repository: str, url: str
) -> None:
    image = image_of(registry, repository)
    manifest = stored(registry, image)
    requests.delete(f"{url}/{repository}/manifests/{manifest.digest}")

    assert registry.tags(image) == []
    assert registry.manifest(image) is None


def test_an_index_leads_to_the_platform_that_is_wanted(registry: Registry, repository: str) -> None:
    image = image_of(registry, repository)
    ours = stored(registry, image.tagged("amd64"))
    other = stored(registry, image.tagged("arm64"), architecture="arm64")
    index = stored_index(registry, image, arm64=other, amd64=ours)

    found = registry.manifest(image)

    assert found == index
    assert registry.platform(image, index) == ours
    assert registry.platform(image, index, "linux/arm64") == other
    with pytest.raises(StepFailed, match=r"not made for linux/s390x, but for linux/a"):
        registry.platform(image, index, "linux/s390x")


@pytest.mark.parametrize("login", [(None, None), ("bot", "wrong")])
def test_a_login_that_lacks_or_is_wrong_is_told(
    guarded: Guarded, repository: str, login: tuple[str | None, str | None]
) -> None:
    registry = guarded.client(*login)

    with pytest.raises(StepFailed, match="check the connection's login and password"):
        registry.manifest(image_of(registry, repository))


def test_the_right_login_stores_and_reads(guarded: Guarded, repository: str) -> None:
    registry = guarded.client()
    image = image_of(registry, repository)

    manifest = stored(registry, image)

    assert registry.manifest(image) == manifest


def test_a_registry_with_a_fault_of_its_own_may_be_asked_again(
    guarded: Guarded, repository: str
) -> None:
    registry = guarded.client()
    image = image_of(registry, repository)
    stored(registry, image)
    guarded.tag_file(repository, "v1").write_text("garbage")

    with pytest.raises(TryAgain, match="500"):
        registry.manifest(image)


def test_a_manifest_with_other_bytes_than_its_digest_is_not_believed(
    guarded: Guarded, repository: str
) -> None:
    registry = guarded.client()
    image = image_of(registry, repository)
    manifest = stored(registry, image)
    file = guarded.manifest_file(repository, manifest.digest)
    file.write_bytes(file.read_bytes() + b" ")

    with pytest.raises(StepFailed, match="the manifest is damaged"):
        registry.manifest(image)
    with pytest.raises(StepFailed, match="the manifest is damaged"):
        registry.manifest(image, manifest.digest)


def test_a_blob_with_other_bytes_of_the_same_size_is_not_believed(
    guarded: Guarded, repository: str
) -> None:
    registry = guarded.client()
    image = image_of(registry, repository)
    layer = stored(registry, image).layers[0]
    guarded.blob_file(layer.digest).write_bytes(bytes(layer.size))

    with pytest.raises(StepFailed, match="is damaged in the registry"):
        registry.content(image, layer)


def test_a_blob_whose_file_is_gone_is_named(guarded: Guarded, repository: str) -> None:
    registry = guarded.client()
    image = image_of(registry, repository)
    layer = stored(registry, image).layers[0]
    guarded.blob_file(layer.digest).unlink()

    with pytest.raises(StepFailed, match=f"lacks {layer.digest}"):
        registry.content(image, layer)
