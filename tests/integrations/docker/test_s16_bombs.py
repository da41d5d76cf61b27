"""Small things that unpack to gigabytes, lie about their size, or lead elsewhere."""

import subprocess
import sys
import tarfile
from pathlib import Path

import bombs
import pytest
from loopback import Reply
from scripted_registry import MANIFEST, ScriptedRegistry, a_file, a_tar, an_entry, tar_of

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import contexts, tar_entries, verify_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import CONFIG_LIMIT, MANIFEST_LIMIT, Registry
from opsbot.integrations.docker.unpacking import Packing
from opsbot.integrations.waiting import Patience
from opsbot.vocabulary.errors import StepFailed, TryAgain
from opsbot.vocabulary.progress import silent

BOMBS = Path(bombs.__file__)
DEEP = b'{"schemaVersion": 2, "a": ' + b"[" * 500_000
ONCE = Patience(total=0.5, first=1)


def told_by(bomb, most):
    """What a reader with little memory says of a bomb before it ends."""
    command = [sys.executable, BOMBS, bomb, str(most)]
    path = {"PYTHONPATH": ":".join(sys.path)}
    ended = subprocess.run(command, env=path, capture_output=True, text=True, timeout=240)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.mark.parametrize(
    ("bomb", "words"),
    [
        ("gzip", "unpacks to more than"),
        ("zstd", "unpacks to more than"),
        ("zstd-window", "cannot be unpacked"),
        ("zstd-one-segment", "cannot be unpacked"),
        ("entries", "more than 20000 entries"),
        ("names", "more than 20000 entries"),
        ("extended-header", f"an extended header of {2**35} bytes"),
        ("long-name", f"an extended header of {2**62} bytes"),
        ("global-header", f"an extended header of {2**35} bytes"),
        ("extended-headers", "unpacks to more than"),
        ("digits", "an extended header that cannot be read"),
        ("size", "unpacks to more than"),
    ],
)
def test_s16_a_stream_without_end_is_left_with_little_memory(bomb, words):
    assert words in told_by(bomb, 20_000)


@pytest.mark.slow
def test_s16_a_million_entries_are_read_with_little_memory_and_no_more():
    assert "more than 1000000 entries" in told_by("entries", tar_entries.MOST_ENTRIES)


@pytest.fixture
def stored():
    return ScriptedRegistry()


@pytest.fixture
def verify(serve, clock):
    def run(answer):
        registry = Registry(serve(answer), clock=clock, patience=ONCE)
        params = VerifyImage(image_name="team/app:v1", files={"/etc/passwd": None})
        return verify_image.run(DockerClient(None, registry), params, say=silent)

    return run


@pytest.mark.parametrize(
    ("member", "words"),
    [
        (a_file("../../etc/passwd", b"root"), "leads out of it: '../../etc/passwd'"),
        (a_file("app/../../etc/passwd", b"root"), "leads out of it"),
        (a_file("/../etc/passwd", b"root"), "leads out of it"),
        (an_entry("etc/passwd", tarfile.LNKTYPE, "../../../etc/passwd"), "leads out of it"),
        (an_entry("etc/passwd", tarfile.SYMTYPE, "/etc/passwd"), "more than 40 links"),
        (an_entry("etc", tarfile.SYMTYPE, "../../../../.."), "it is not there"),
        (an_entry("etc/passwd", tarfile.CHRTYPE), "it is a device"),
        (an_entry("etc/passwd", b"S"), "unknown type b'S'"),
        (an_entry("etc/passwd", b"?"), "unknown type"),
    ],
)
def test_s16_a_layer_never_leads_out_of_the_image(stored, verify, member, words):
    stored.store_image("v1", [stored.layer(tar_of(member))])

    with pytest.raises(StepFailed, match=words.replace("'?'", "")):
        verify(stored)


@pytest.mark.parametrize(
    ("pax", "words"),
    [
        ({"path": "../../etc/passwd"}, "leads out of it"),
        ({"path": "etc/passwd\0/../../x"}, "leads out of it"),
        ({"size": "999999999999999999"}, "in the middle"),
        ({"size": "-512"}, "without a size"),
        ({"size": "1e3"}, "without a size"),
        ({"size": "9" * 5000}, "without a size"),
        ({"GNU.sparse.major": "1"}, "sparse files"),
    ],
)
def test_s16_an_extended_header_that_lies_is_refused(stored, verify, pax, words):
    member, content = a_file("etc/passwd", b"root")
    member.pax_headers = pax
    stored.store_image("v1", [stored.layer(tar_of((member, content)))])

    with pytest.raises(StepFailed, match=words):
        verify(stored)


def test_s16_a_negative_size_leads_nowhere(stored, verify):
    block = bytearray(a_tar({"a": b""})[:512])
    block[124:136] = b"\xff" * 11 + b"\x00"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    stored.store_image("v1", [stored.layer(bytes(block) * 3)])

    with pytest.raises(StepFailed, match="without a size"):
        verify(stored)


@pytest.mark.parametrize(
    "content", [DEEP, b'{"schemaVersion": 2, "a": "' + b"x" * (MANIFEST_LIMIT + 10) + b'"}']
)
def test_s16_a_manifest_too_deep_or_too_large_is_not_read(stored, verify, content):
    stored.manifests["v1"] = (MANIFEST, content)

    with pytest.raises(StepFailed, match=r"cannot be read|too large to be one"):
        verify(stored)


@pytest.mark.parametrize(
    "descriptor",
    [
        {"size": -1},
        {"size": 1e400},
        {"size": 10**30},
        {"size": "12"},
        {"size": None},
        {"digest": "sha256:../../x"},
        {"digest": ["sha256"]},
    ],
)
def test_s16_a_descriptor_that_cannot_be_is_refused(stored, verify, descriptor):
    layer = stored.layer(a_tar({})) | descriptor
    body = {"schemaVersion": 2, "config": stored.blob(b"{}"), "layers": [layer]}
    stored.store("v1", MANIFEST, body)

    with pytest.raises(StepFailed, match="cannot be read"):
        verify(stored)


def test_s16_more_layers_than_any_engine_makes_are_refused(stored, verify):
    stored.store_image("v1", [stored.layer(a_tar({}))] * 5000)

    with pytest.raises(StepFailed, match="more than 256 layers"):
        verify(stored)


@pytest.mark.parametrize("config", [DEEP, b"[" * 100_000, b"1" * 100_000])
def test_s16_a_configuration_too_deep_is_none(stored, verify, config):
    body = {"schemaVersion": 2, "config": stored.blob(config), "layers": []}
    stored.store("v1", MANIFEST, body)

    with pytest.raises(StepFailed, match="is no JSON object"):
        verify(stored)


def test_s16_a_configuration_that_is_too_large_is_not_fetched(stored, verify):
    large = stored.blob(b"{}") | {"size": CONFIG_LIMIT + 1}
    stored.store("v1", MANIFEST, {"schemaVersion": 2, "config": large, "layers": []})

    with pytest.raises(StepFailed, match="too large to be one"):
        verify(stored)
    assert not any("/blobs/" in each.path for each in stored.asked)


def test_s16_a_refusal_of_endless_brackets_is_still_a_refusal(verify):
    def answer(request):
        return Reply(403, b"[" * 16_000, {"Content-Type": "application/json"})

    with pytest.raises(StepFailed, match="403"):
        verify(answer)


def test_s16_a_blob_that_trickles_is_given_up(stored, serve, clock):
    registry = Registry(serve(stored), clock=clock)
    params = VerifyImage(image_name="team/app:v1")
    monotonic, clock.now = clock.now, lambda: clock.sleep(45) or monotonic()

    with pytest.raises(TryAgain, match="comes too slowly"):
        verify_image.run(DockerClient(None, registry), params, say=silent)


def an_archive(folder, *members):
    path = folder / "application.tar"
    path.write_bytes(tar_of(*members))
    return path


@pytest.mark.parametrize(
    ("member", "words"),
    [
        (a_file("../outside", b"x"), "leads out of it"),
        (a_file("src/../../outside", b"x"), "leads out of it"),
        (an_entry("passwd", tarfile.LNKTYPE, "../../etc/passwd"), "leads out of it"),
        (an_entry("passwd", tarfile.SYMTYPE, "/etc/passwd"), "a link that leads out of it"),
        (an_entry("src/passwd", tarfile.SYMTYPE, "../../etc/passwd"), "a link that leads out"),
        (an_entry("up", tarfile.SYMTYPE, ".."), "a link that leads out of it"),
        (an_entry("disk", tarfile.BLKTYPE), "the device 'disk'"),
        (an_entry("zero", tarfile.CHRTYPE), "the device 'zero'"),
        (an_entry("pipe", tarfile.FIFOTYPE), "the device 'pipe'"),
    ],
)
def test_s16_a_builds_archive_that_leads_out_never_reaches_an_engine(tmp_path, member, words):
    with pytest.raises(StepFailed, match=words):
        contexts.checked(an_archive(tmp_path, a_file("Dockerfile", b"FROM scratch"), member))

    assert [each.name for each in tmp_path.iterdir()] == ["application.tar"]


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(2000), b"no archive" * 100, b"x", DEEP])
def test_s16_a_builds_archive_that_is_no_tar_is_told(tmp_path, content):
    archive = tmp_path / "application.tar"
    archive.write_bytes(content)

    with pytest.raises(StepFailed, match=r"no tar archive|in the middle"):
        contexts.checked(archive)


def test_a_builds_archive_may_have_links_inside_of_it(tmp_path):
    inside = [
        an_entry("node_modules/.bin/tool", tarfile.SYMTYPE, "../tool/cli.js"),
        an_entry("current", tarfile.SYMTYPE, "releases/1"),
        an_entry("copy", tarfile.LNKTYPE, "Dockerfile"),
    ]

    archive = an_archive(tmp_path, a_file("Dockerfile", b"FROM scratch"), *inside)

    assert contexts.checked(archive) is Packing.NONE
