"""get_image_metadata, tag_image and list_tags: which image it is, and which names it has."""

import json

import pytest

from opsbot.capabilities.docker.tag_image import TagImage
from opsbot.integrations.docker import manifests
from opsbot.integrations.docker.manifests import Manifest
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.docker.archives import COMMIT, labels_of
from tests.contract.docker.yard import TAG, Yard

INDEX = manifests.INDEX_TYPES[0]
PRODUCTION = "v1.0.0-prod"


def pushed_other(yard: Yard, tag: str = TAG) -> str:
    """Push another image of another commit, and return its digest."""
    other = yard.archive(text="other")
    return yard.push(other, labels_of(other, commit="b" * 40), tag=tag).digest


def test_an_image_is_described_from_the_registrys_own_bytes(yard: Yard) -> None:
    archive = yard.archive()
    pushed = yard.push(archive)

    found = yard.metadata()

    assert (found.image, found.tag, found.digest) == (str(yard.name()), TAG, pushed.digest)
    assert found.reference == yard.name().at(pushed.digest)
    assert (found.revision, found.version) == (COMMIT, "1.0.0")
    assert found.archive_sha256 == labels_of(archive)["io.opsbot.archive.sha256"]
    assert labels_of(archive).items() <= found.labels.items()
    assert found.platforms == (found.platform,)
    assert found.platform.startswith("linux/")
    assert found.created
    assert found.size == pushed.size
    manifest = yard.client.registry.manifest(yard.name())
    assert manifest is not None
    assert found.layers == manifest.layers


def test_the_first_candidate_that_is_there_leads_to_the_image(yard: Yard) -> None:
    pushed = yard.push(yard.archive())

    found = yard.metadata("v1.0.0-test", TAG, "v1.0.0-dev")

    assert (found.tag, found.digest) == (TAG, pushed.digest)


def test_candidates_of_one_image_are_no_question(yard: Yard) -> None:
    pushed = yard.push(yard.archive())
    yard.tag("v1.0.0-test", source_tag=TAG)

    found = yard.metadata("v1.0.0-test", TAG)

    assert (found.tag, found.digest) == ("v1.0.0-test", pushed.digest)


def test_candidates_of_different_images_are_a_question(yard: Yard) -> None:
    yard.push(yard.archive())
    pushed_other(yard, "v1.0.0-test")

    with pytest.raises(StepFailed, match="Say from which environment") as failure:
        yard.metadata(TAG, "v1.0.0-test")

    assert TAG in str(failure.value)


def test_a_version_that_is_nowhere_is_told_with_the_tags_looked_for(yard: Yard) -> None:
    with pytest.raises(StepFailed, match="none of the tags v9-staging, v9-dev"):
        yard.metadata("v9-staging", "v9-dev")


def an_index(yard: Yard) -> tuple[Manifest, Manifest]:
    """Store an index of the pushed image, for amd64, and of one for arm64; return it and that."""
    registry, image = yard.client.registry, yard.name()
    ours = registry.manifest(image)
    assert ours is not None
    configuration = registry.configuration(image, ours) | {"architecture": "arm64"}
    config = registry.store(image, json.dumps(configuration).encode())
    body = json.loads(ours.content)
    body["config"] |= config.model_dump()
    other = manifests.parse(json.dumps(body).encode(), ours.media_type, "other")
    registry.put(image.tagged("arm64"), other)
    children = [
        {
            "mediaType": each.media_type,
            "digest": each.digest,
            "size": len(each.content),
            "platform": {"os": "linux", "architecture": architecture},
        }
        for each, architecture in ((other, "arm64"), (ours, "amd64"), (other, "unknown"))
    ]
    children[-1]["platform"] = {"os": "unknown", "architecture": "unknown"}
    content = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": children})
    index = manifests.parse(content.encode(), INDEX, "index")
    registry.put(image.tagged("all"), index)
    return index, other


def test_an_image_for_several_platforms_says_which_one_is_described(yard: Yard) -> None:
    pushed = yard.push(yard.archive())
    index, other = an_index(yard)

    usual, wanted = yard.metadata("all"), yard.metadata("all", platform="linux/arm64")

    assert usual.digest == wanted.digest == index.digest != pushed.digest
    assert usual.platforms == ("linux/amd64", "linux/arm64")
    assert (usual.platform, wanted.platform) == ("linux/amd64", "linux/arm64")
    assert wanted.size == other.size
    assert usual.revision == wanted.revision == COMMIT
    with pytest.raises(StepFailed, match="not made for linux/s390x"):
        yard.metadata("all", platform="linux/s390x")
    with pytest.raises(StepFailed, match="alone, not for linux/s390x"):
        yard.metadata(platform="linux/s390x")


def test_an_image_for_several_platforms_is_pulled_and_promoted_as_a_whole(yard: Yard) -> None:
    yard.push(yard.archive())
    index, _ = an_index(yard)
    yard.forget()

    assert yard.pull("all").digest == index.digest
    assert yard.tag(PRODUCTION, source_tag="all").digest == index.digest
    assert yard.verify(PRODUCTION, digest=index.digest).layers == 1


def test_a_promoted_image_is_the_same_one_to_the_byte(yard: Yard) -> None:
    archive = yard.archive()
    pushed = yard.push(archive)

    tagged = yard.tag(PRODUCTION, digest=yard.metadata().digest)

    registry = yard.client.registry
    assert (tagged.image, tagged.previous) == (str(yard.name(PRODUCTION)), None)
    assert tagged.digest == pushed.digest
    assert registry.manifest(yard.name(PRODUCTION)) == registry.manifest(yard.name())
    verified = yard.verify(PRODUCTION, digest=tagged.digest, labels=labels_of(archive))
    assert verified.reference == tagged.reference


def test_an_image_that_has_the_tag_keeps_it(yard: Yard) -> None:
    pushed = yard.push(yard.archive())
    first = yard.tag(PRODUCTION, source_digest=pushed.digest)

    assert yard.tag(PRODUCTION, source_digest=pushed.digest) == first
    assert yard.said[-1] == f"{yard.name(PRODUCTION)} means {pushed.digest} already."


def test_an_image_that_loses_its_tag_keeps_a_name_and_can_have_it_back(yard: Yard) -> None:
    first = yard.push(yard.archive(), tag=PRODUCTION)
    second = pushed_other(yard)

    moved = yard.tag(PRODUCTION, source_digest=second)

    assert (moved.digest, moved.previous) == (second, first.digest)
    kept = yard.name(f"{PRODUCTION}-{first.digest[7:19]}")
    assert yard.client.registry.digest(kept) == first.digest
    back = yard.tag(PRODUCTION, source_digest=moved.previous)
    assert (back.digest, back.previous) == (first.digest, second)


def test_a_source_tag_must_still_mean_the_digest_that_was_found(yard: Yard) -> None:
    found = yard.push(yard.archive()).digest
    pushed_other(yard)

    with pytest.raises(StepFailed, match="somebody moved the tag"):
        yard.tag(PRODUCTION, source_tag=TAG, digest=found)

    assert yard.client.registry.digest(yard.name(PRODUCTION)) is None


def test_a_digest_of_the_plan_must_be_the_one_that_was_found(yard: Yard) -> None:
    with pytest.raises(Refused, match="must be the same"):
        yard.tag(PRODUCTION, source_digest=f"sha256:{'a' * 64}", digest=f"sha256:{'b' * 64}")


def test_a_tag_needs_an_image(yard: Yard) -> None:
    with pytest.raises(Refused, match="Name the image to tag"):
        yard.tag(PRODUCTION)


def test_an_image_is_named_in_one_way() -> None:
    with pytest.raises(ValueError, match="not by both"):
        TagImage(image_name="a", tag="b", source_tag="c", source_digest=f"sha256:{'a' * 64}")


def test_a_digest_that_is_not_there_gets_no_tag(yard: Yard) -> None:
    yard.push(yard.archive())

    with pytest.raises(StepFailed, match="is not in the registry"):
        yard.tag(PRODUCTION, source_digest=f"sha256:{'0' * 64}")


def test_tags_are_listed_with_the_highest_version_first(yard: Yard) -> None:
    pushed = yard.push(yard.archive(), tag="v1.9.0")
    for tag in ("v1.10.0", "v1.2.0"):
        yard.tag(tag, source_digest=pushed.digest)

    everything, some = yard.tags(), yard.tags(limit=1)

    lasting = f"v1.9.0-{COMMIT[:7]}"
    assert everything.repository == yard.name().place
    assert everything.tags == ("v1.10.0", lasting, "v1.9.0", "v1.2.0")
    assert (everything.left_off, everything.attachments) == (0, 0)
    assert (some.tags, some.left_off) == (("v1.10.0",), 3)


def test_a_repository_that_nobody_pushed_to_is_told(yard: Yard) -> None:
    with pytest.raises(StepFailed, match="nothing was pushed there yet"):
        yard.tags()
