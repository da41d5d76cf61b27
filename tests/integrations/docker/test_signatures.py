"""A signature that cosign itself made is understood, and nothing that merely looks like one."""

import json
from pathlib import Path

import pytest
from scripted_registry import ScriptedRegistry, digest_of

from opsbot.integrations.docker import keys, signatures
from opsbot.integrations.docker.names import ImageName
from opsbot.integrations.docker.registry import Registry

RECORDED = json.loads((Path(__file__).parent / "recorded/cosign-signature.json").read_text())
DIGEST = RECORDED["digest"]
KEY = keys.of({"cosign_public_key": RECORDED["public_key"]}).verifying()
IMAGE = ImageName(host="127.0.0.1:5000", repository="team/app", tag="v1")


@pytest.fixture
def stored():
    """A registry with the recorded signature."""
    registry = ScriptedRegistry()
    for blob in RECORDED["blobs"]:
        registry.blob(blob.encode())
    place = signatures.place_of(IMAGE, DIGEST)
    registry.manifests[place.tag] = (RECORDED["media_type"], RECORDED["manifest"].encode())
    return registry


@pytest.fixture
def is_signed(serve, clock):
    def ask(stored, digest=DIGEST):
        return signatures.is_signed(Registry(serve(stored), clock=clock), IMAGE, digest, KEY)

    return ask


def changed(stored, **changes):
    """Store the recorded signatures with a layer that differs from the recorded one."""
    body = json.loads(RECORDED["manifest"])
    body["layers"][0] |= changes
    stored.store(signatures.place_of(IMAGE, DIGEST).tag, RECORDED["media_type"], body)


def test_a_signature_of_cosign_is_valid(stored, is_signed):
    assert is_signed(stored)


def test_the_signed_document_is_the_one_that_cosign_writes():
    assert signatures.payload(IMAGE, DIGEST).decode() == RECORDED["blobs"][1]


def test_an_image_without_signatures_is_not_signed(is_signed):
    assert not is_signed(ScriptedRegistry())


def test_a_signature_that_was_moved_to_another_digest_is_none(stored, is_signed):
    other = digest_of(b"other")
    tag = signatures.place_of(IMAGE, DIGEST).tag
    stored.manifests[signatures.place_of(IMAGE, other).tag] = stored.manifests[tag]

    assert not is_signed(stored, other)


@pytest.mark.parametrize(
    "changes",
    [
        {"annotations": {signatures.ANNOTATION: "MEUCIAF15oX5xOOe54hmzCz6"}},
        {"annotations": {signatures.ANNOTATION: "no base64!"}},
        {"annotations": {}},
        {"annotations": ["a list"]},
        {"annotations": None},
        {"mediaType": "application/octet-stream"},
        {"mediaType": None},
        {"size": signatures.LARGEST_PAYLOAD + 1},
    ],
)
def test_what_merely_looks_like_a_signature_is_none(stored, is_signed, changes):
    changed(stored, **changes)

    assert not is_signed(stored)


def test_a_document_that_was_changed_is_not_what_was_signed(stored, is_signed):
    forged = RECORDED["blobs"][1].replace("team/app", "team/bad").encode()
    blob = stored.blob(forged)
    changed(stored, **blob)

    assert not is_signed(stored)
