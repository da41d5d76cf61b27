"""Layers come gzipped, as zstd or plain; each is read to its plain tar, whose digest counts."""

import gzip

import pytest
import zstandard
from scripted_registry import INDEX, LAYER, ScriptedRegistry, a_tar, digest_of

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import verify_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

OCI = "application/vnd.oci.image.layer.v1.tar"
OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json"
PLAIN = a_tar({"app/config.json": b"{}"})
HALF = len(PLAIN) // 2


def gzipped(content):
    """Compress without the time: each process that collects the tests must see the same ones."""
    return gzip.compress(content, mtime=0)


def shown(value):
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


def zstd(content):
    return zstandard.ZstdCompressor(level=19).compress(content)


@pytest.fixture
def stored():
    return ScriptedRegistry()


@pytest.fixture
def verify(stored, serve, clock):
    def run(**changes):
        client = DockerClient(None, Registry(serve(stored), clock=clock))
        params = VerifyImage(image_name="team/app:v1", **changes)
        return verify_image.run(client, params, say=silent)

    return run


@pytest.mark.parametrize(
    ("media_type", "packed"),
    [
        (OCI, PLAIN),
        (f"{OCI}+gzip", gzipped(PLAIN)),
        (f"{OCI}+gzip", gzipped(PLAIN[:HALF]) + gzipped(PLAIN[HALF:])),
        (f"{OCI}+zstd", zstd(PLAIN)),
        (f"{OCI}+zstd", zstd(PLAIN[:HALF]) + zstd(PLAIN[HALF:])),
        (LAYER, PLAIN),
        (f"{LAYER}.gzip", gzipped(PLAIN)),
        (f"{LAYER}.zstd", zstd(PLAIN)),
        (OCI, b""),
        (OCI, bytes(1024)),
    ],
    ids=shown,
)
def test_a_layer_is_read_however_it_is_packed(stored, verify, media_type, packed):
    plain = PLAIN if packed not in (b"", bytes(1024)) else packed
    layers = [stored.layer(a_tar({"a": b"a"})), stored.layer(plain, packed, media_type)]
    stored.store_image("v1", layers, OCI_IMAGE)

    assert verify().layers == 2


@pytest.mark.parametrize(
    ("media_type", "packed", "words"),
    [
        (f"{OCI}+gzip", PLAIN, "is said to be gzip"),
        (f"{OCI}+gzip", zstd(PLAIN), "is said to be gzip"),
        (f"{OCI}+gzip", gzipped(PLAIN)[:-20], "is said to be gzip"),
        (f"{OCI}+gzip", gzipped(PLAIN) + b"more", "is said to be gzip"),
        (f"{OCI}+zstd", PLAIN, "is said to be zstd"),
        (f"{OCI}+zstd", zstd(PLAIN)[:-4], "unpacks to sha256|in the middle|said to be zstd"),
        (OCI, gzipped(PLAIN), "no tar archive|in the middle"),
        (OCI, PLAIN[:700], "in the middle"),
        (f"{OCI}+encrypted", PLAIN, r"of the type '.*\+encrypted', which is not read"),
        ("", PLAIN, "of the type '', which is not read"),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", PLAIN, "outside of the reg"),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar", PLAIN, "outside of the reg"),
    ],
    ids=shown,
)
def test_a_layer_that_is_not_what_it_is_said_to_be_is_refused(
    stored, verify, media_type, packed, words
):
    stored.store_image("v1", [stored.layer(PLAIN, packed, media_type)], OCI_IMAGE)

    with pytest.raises(StepFailed, match=words):
        verify()


def test_a_plain_tar_that_the_configuration_does_not_name_is_found(stored, verify):
    layer = stored.layer(PLAIN)
    stored.diff_ids[layer["digest"]] = digest_of(b"another tar")
    stored.store_image("v1", [layer])

    with pytest.raises(StepFailed, match=f"unpacks to {digest_of(PLAIN)}, and the image's"):
        verify()


@pytest.mark.parametrize(
    "rootfs", [None, {}, {"diff_ids": []}, {"diff_ids": [digest_of(PLAIN)] * 2}, {"diff_ids": "x"}]
)
def test_a_configuration_without_each_diff_id_is_no_images(stored, verify, rootfs):
    stored.store_image("v1", [stored.layer(PLAIN)], rootfs=rootfs)

    with pytest.raises(StepFailed, match="does not name each layer's diff id"):
        verify()


def children(*digests):
    platforms = [("linux", "amd64"), ("linux", "arm64"), ("unknown", "unknown")]
    return [
        {"digest": digest, "platform": {"os": system, "architecture": machine}}
        for digest, (system, machine) in zip(digests, platforms, strict=False)
    ]


def test_of_an_index_every_platforms_image_is_verified(stored, verify):
    shared, own = stored.layer(PLAIN), stored.layer(a_tar({"bin": b"arm"}))
    usual = stored.store_image("a", [shared])
    other = stored.store_image("b", [shared, own], architecture="arm64")
    missing = digest_of(b"an attestation that nobody pushed")
    listed = {"schemaVersion": 2, "manifests": children(usual, other, missing)}
    index = stored.store("v1", INDEX, listed)

    verified = verify(files={"/app/config.json": None})

    assert (verified.digest, verified.layers) == (index, 2)
    assert verified.platforms == ("linux/amd64", "linux/arm64")
    assert verified.files == {"/app/config.json": digest_of(b"{}")[7:]}
    fetched = [each.path for each in stored.asked if shared["digest"] in each.path]
    assert len(fetched) == 1


def test_one_platforms_damage_is_the_whole_images(stored, verify):
    own = stored.layer(a_tar({"bin": b"arm"}))
    usual = stored.store_image("a", [stored.layer(PLAIN)])
    other = stored.store_image("b", [own], architecture="arm64")
    stored.store("v1", INDEX, {"schemaVersion": 2, "manifests": children(usual, other)})
    stored.blobs[own["digest"]] = bytes(own["size"])

    with pytest.raises(StepFailed, match="is damaged in the registry"):
        verify()


def test_a_platform_whose_image_lacks_the_file_is_no_right_image(stored, verify):
    usual = stored.store_image("a", [stored.layer(PLAIN)])
    other = stored.store_image("b", [stored.layer(a_tar({}))], architecture="arm64")
    stored.store("v1", INDEX, {"schemaVersion": 2, "manifests": children(usual, other)})

    with pytest.raises(StepFailed, match=r"has no file /app/config\.json"):
        verify(files={"/app/config.json": None})


def test_a_platform_that_is_missing_is_told_with_what_to_do(stored, verify):
    usual = stored.store_image("a", [stored.layer(PLAIN)])
    listed = {"schemaVersion": 2, "manifests": children(usual, digest_of(b"none"))}
    stored.store("v1", INDEX, listed)

    with pytest.raises(StepFailed, match=r"which is missing.*push the one for your platform alone"):
        verify()
