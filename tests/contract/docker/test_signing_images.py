"""sign_image and verify_image: signatures that cosign understands, and none that it would not."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from opsbot.integrations.docker import keys, signatures
from opsbot.vocabulary.errors import Refused, StepFailed
from tests.contract.docker.archives import labels_of
from tests.contract.docker.conftest import Connect
from tests.contract.docker.signing_keys import a_key
from tests.contract.docker.yard import Yard
from tests.contract.registry.images import stored_index

PASSWORD = "correct horse"


@pytest.fixture
def signed(yard: Yard) -> Yard:
    """An image that was signed, and a connection that requires that signature."""
    private, public = a_key()
    yard.push(yard.archive())
    yard.client.keys = keys.of(private | public)
    yard.sign()
    return yard


def test_a_signed_image_is_valid_by_its_key(yard: Yard) -> None:
    private, public = a_key(password=PASSWORD)
    archive = yard.archive()
    pushed = yard.push(archive)
    yard.client.keys = keys.of(private | public)

    signed = yard.sign(digest=pushed.digest)

    place = yard.name(f"sha256-{pushed.digest[7:]}.sig")
    assert (signed.digest, signed.signature) == (pushed.digest, str(place))
    verified = yard.verify(digest=pushed.digest, labels=labels_of(archive))
    assert verified.signature == "valid"
    assert yard.tags().attachments == 1


def test_what_is_stored_has_the_layout_of_cosign(signed: Yard) -> None:
    digest = signed.metadata().digest
    registry = signed.client.registry
    place = signatures.place_of(signed.name(), digest)

    stored = registry.manifest(place)

    assert stored is not None
    assert stored.media_type == "application/vnd.oci.image.manifest.v1+json"
    (layer,) = json.loads(stored.content)["layers"]
    assert layer["mediaType"] == "application/vnd.dev.cosign.simplesigning.v1+json"
    assert "dev.cosignproject.cosign/signature" in layer["annotations"]
    assert json.loads(registry.content(place, stored.layers[0])) == {
        "critical": {
            "identity": {"docker-reference": signed.name().place},
            "image": {"docker-manifest-digest": digest},
            "type": "cosign container image signature",
        },
        "optional": None,
    }


def test_an_image_is_signed_once_by_one_key(signed: Yard) -> None:
    first = signed.tags()
    signed.said.clear()

    again = signed.sign()

    assert signed.said == [f"{again.digest} is signed with this key already."]
    assert signed.tags() == first


def test_signatures_of_several_keys_stand_side_by_side(signed: Yard) -> None:
    first = signed.client.keys
    private, public = a_key()
    signed.client.keys = keys.of(private | public)

    signed.sign()

    assert signed.verify().signature == "valid"
    signed.client.keys = first
    assert signed.verify().signature == "valid"


def test_what_is_pushed_is_signed_where_the_connection_holds_a_key(
    yard: Yard, connect: Connect
) -> None:
    private, public = a_key(password=PASSWORD)
    yard.client = connect(extra=private | public)

    pushed = yard.push(yard.archive())

    assert pushed.signed_by == yard.sign().key
    assert yard.said[-1] == f"{pushed.digest} is signed with this key already."
    assert yard.verify(digest=pushed.digest).signature == "valid"
    assert yard.tags().attachments == 1


def test_without_a_key_nothing_is_signed_and_nothing_measured(yard: Yard) -> None:
    pushed = yard.push(yard.archive())

    assert pushed.signed_by is None
    assert yard.verify(digest=pushed.digest).signature == "not_measured"
    assert yard.tags().attachments == 0


def test_a_key_to_sign_with_is_one_to_verify_with(yard: Yard) -> None:
    yard.push(yard.archive(), tag="unsigned")
    yard.client.keys = keys.of(a_key()[0])
    other = yard.archive(text="other")
    yard.push(other, labels_of(other, commit="b" * 40))

    assert yard.verify().signature == "valid"
    with pytest.raises(StepFailed, match="has no valid signature"):
        yard.verify("unsigned")


def test_a_retry_signs_once(yard: Yard) -> None:
    private, public = a_key()
    yard.client.keys = keys.of(private | public)
    archive = yard.archive()
    first = yard.push(archive)
    stored = yard.client.registry.manifest(signatures.place_of(yard.name(), first.digest))

    assert yard.push(archive) == first

    again = yard.client.registry.manifest(signatures.place_of(yard.name(), first.digest))
    assert again == stored


def test_a_push_that_died_before_it_signed_signs_when_it_is_retried(yard: Yard) -> None:
    archive = yard.archive()
    first = yard.push(archive)
    yard.client.keys = keys.of(a_key()[0])

    second = yard.push(archive)

    assert second.digest == first.digest
    assert yard.verify(digest=first.digest).signature == "valid"


def test_an_image_that_somebody_pushed_with_our_labels_is_not_signed(yard: Yard) -> None:
    archive = yard.archive()
    first = yard.push(archive)
    yard.forget()
    yard.client.keys = keys.of(a_key()[0])

    with pytest.raises(StepFailed, match="Sign it with sign_image if you know where it comes"):
        yard.push(archive)

    assert yard.tags().attachments == 0
    with pytest.raises(StepFailed, match="has no valid signature"):
        yard.verify(digest=first.digest)


def test_a_document_that_was_tampered_with_is_no_signature(signed: Yard) -> None:
    registry, digest = signed.client.registry, signed.metadata().digest
    place = signatures.place_of(signed.name(), digest)
    stored = registry.manifest(place)
    assert stored is not None
    document = registry.content(place, stored.layers[0])
    forged = registry.store(place, document.replace(b'"optional":null', b'"optional":1'))
    layers = signatures.layers_of(stored)
    layers[0] |= forged.model_dump()
    config = registry.store(place, signatures.configuration(layers))
    registry.put(place, signatures.manifest(config, layers))

    with pytest.raises(StepFailed, match="has no valid signature"):
        signed.verify()


def test_an_index_where_signatures_belong_is_neither_a_signature_nor_added_to(
    signed: Yard,
) -> None:
    registry, digest = signed.client.registry, signed.metadata().digest
    image = registry.manifest(signed.name())
    assert image is not None
    stored_index(registry, signatures.place_of(signed.name(), digest), amd64=image)

    with pytest.raises(StepFailed, match="has no valid signature"):
        signed.verify()
    with pytest.raises(StepFailed, match="Delete its tag in the registry"):
        signed.sign()


def test_an_unsigned_image_is_not_verified_where_a_key_is_configured(yard: Yard) -> None:
    yard.push(yard.archive())
    yard.client.keys = keys.of(a_key()[1])

    with pytest.raises(StepFailed, match="has no valid signature"):
        yard.verify()


def test_a_signature_by_another_key_is_not_verified(signed: Yard) -> None:
    signed.client.keys = keys.of(a_key()[1])

    with pytest.raises(StepFailed, match="has no valid signature"):
        signed.verify()


def test_a_signature_of_another_image_is_not_verified(signed: Yard) -> None:
    registry, digest = signed.client.registry, signed.metadata().digest
    stolen = registry.manifest(signatures.place_of(signed.name(), digest))
    assert stolen is not None
    other = signed.archive(text="other")
    forged = signed.push(other, labels_of(other, commit="b" * 40))
    registry.put(signatures.place_of(signed.name(), forged.digest), stolen)

    with pytest.raises(StepFailed, match="has no valid signature"):
        signed.verify(digest=forged.digest)


def test_a_promoted_image_keeps_its_signature(signed: Yard) -> None:
    signed.tag("v1.0.0-prod", digest=signed.metadata().digest)

    assert signed.verify("v1.0.0-prod").signature == "valid"


def test_without_a_key_nothing_is_signed_and_it_is_said_how_to_add_one(yard: Yard) -> None:
    yard.push(yard.archive())

    with pytest.raises(Refused, match="extra of the Docker connection as `cosign_private_key`"):
        yard.sign()

    assert yard.tags().attachments == 0


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"cosign_private_key": "hunter2"}, "cannot be read"),
        (a_key(password=PASSWORD)[0] | {"cosign_password": "wrong"}, "cannot be read"),
        ({"cosign_private_key": a_key(password=PASSWORD)[0]["cosign_private_key"]}, "cannot be"),
        (a_key(ec.SECP384R1())[0], "no ECDSA key on the curve P-256"),
    ],
    ids=["no PEM", "wrong password", "no password", "another curve"],
)
def test_a_key_that_cannot_sign_is_told_without_showing_it(
    yard: Yard, extra: dict[str, str], words: str
) -> None:
    yard.push(yard.archive())
    yard.client.keys = keys.of(extra)

    with pytest.raises(Refused, match=words) as refusal:
        yard.sign()

    assert not any(value in str(refusal.value) for value in extra.values())
    assert not any(value in repr(yard.client.keys) for value in extra.values())


def test_keys_come_from_the_airflow_connection(yard: Yard, connect: Connect) -> None:
    private, public = a_key(password=PASSWORD)
    yard.push(yard.archive())
    yard.client = connect(extra=private | public)

    yard.sign()

    assert yard.verify().signature == "valid"


def test_a_signature_does_not_move_to_another_image_under_the_tag(signed: Yard) -> None:
    digest = signed.metadata().digest
    other = signed.archive(text="other")
    signed.push(other, labels_of(other, commit="b" * 40))

    with pytest.raises(StepFailed, match="somebody moved the tag"):
        signed.sign(digest=digest)


@pytest.mark.skipif(shutil.which("cosign") is None, reason="cosign is not installed")
def test_cosign_itself_verifies_the_signature_and_signs_beside_it(
    signed: Yard, tmp_path: Path
) -> None:
    reference, own = signed.metadata().reference, tmp_path / "own.pub"
    own.write_text(str(signed.client.keys.public))

    def cosign(*arguments: str) -> int:
        command = ["cosign", *arguments]
        environment = {**os.environ, "COSIGN_PASSWORD": ""}
        return subprocess.run(command, cwd=tmp_path, env=environment, timeout=120).returncode

    def verified(key: str) -> bool:
        offline = ("--insecure-ignore-tlog=true", "--allow-http-registry")
        return cosign("verify", "--key", key, *offline, reference) == 0

    cosign("generate-key-pair")
    assert verified("own.pub")
    assert not verified("cosign.pub")
    sign = ("sign", "--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry")
    assert cosign(*sign, "--yes", reference) == 0
    assert verified("cosign.pub")
    assert verified("own.pub")
    signed.client.keys = keys.of({"cosign_public_key": (tmp_path / "cosign.pub").read_text()})
    assert signed.verify().signature == "valid"
