"""Named files are found in an image's layers as a container would see them."""

import hashlib
import tarfile

import pytest
from scripted_registry import ScriptedRegistry, a_file, an_entry, tar_of

from opsbot.capabilities.docker.verify_image import VerifyImage
from opsbot.integrations.docker import verify_image
from opsbot.integrations.docker.client import DockerClient
from opsbot.integrations.docker.registry import Registry
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent

CONFIG = "/app/config/production.json"
NEW, OLD = b'{"port": 3000}', b"{}"


def file(path, content=NEW):
    return a_file(path, content)


def folder(path):
    return an_entry(path, tarfile.DIRTYPE)


def link(path, target):
    return an_entry(path, tarfile.SYMTYPE, target)


def hard(path, target):
    return an_entry(path, tarfile.LNKTYPE, target)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def verified(serve, clock):
    """Verify an image of these layers, the lowest first, and return what its files are."""

    def run(layers, files=None, **settings):
        stored = ScriptedRegistry()
        described = [stored.layer(tar_of(*members)) for members in layers]
        changes = {"config": {"Labels": stored.labels, **settings}}
        digest = stored.store_image("v1", described, **changes)
        client = DockerClient(None, Registry(serve(stored), clock=clock))
        params = VerifyImage(image_name="team/app:v1", files=files or {CONFIG: None})
        return verify_image.run(client, params, digest=digest, say=silent).files

    return run


@pytest.mark.parametrize(
    "layers",
    [
        [[file("app/config/production.json")]],
        [[file("./app/config/production.json")]],
        [[file("/app/config/production.json")]],
        [[file("app/./config//production.json")]],
        [[file("app/config/production.json", OLD)], [file("app/config/production.json")]],
        [[file("app/config/production.json")], [file("app/server.js", OLD)]],
        [[file("app/config/production.json")], [folder("app"), folder("app/config")]],
        [[file("app/config/production.json", OLD)], [file("app/config/.wh.production.json")],
         [file("app/config/production.json")]],
        [[file("app/config/production.json")], [file("app/config/.wh.test.json", b"")]],
        [[file("app/config/production.json", OLD)],
         [file("app/config/.wh..wh..opq", b""), file("app/config/production.json")]],
        [[file("app/config/production.json", OLD)],
         [file("app/config/production.json"), file("app/config/.wh..wh..opq", b"")]],
        [[file("app/.wh..wh.plnk/1.2", b"")], [file("app/config/production.json")]],
        [[file("app/config/production.json", OLD), file("app/config/production.json")]],
        [[file("etc/app.json")], [link("app/config/production.json", "/etc/app.json")]],
        [[file("etc/app.json")], [link("app/config/production.json", "../../etc/app.json")]],
        [[file("etc/app.json")], [link("app/config/production.json", "../../../../etc/app.json")]],
        [[file("srv/production.json")], [link("app/config", "/srv")]],
        [[file("srv/config/production.json")], [link("app", "srv")]],
        [[file("srv/a.json")],
         [link("srv/b.json", "./a.json"), link("srv/c.json", "/x/../srv/b.json")],
         [folder("x"), link("app/config/production.json", "/srv/c.json")]],
        [[file("a.json"), hard("app/config/production.json", "a.json")]],
        [[file("a.json")], [hard("app/config/production.json", "/a.json")]],
        [[file("a.json"), hard("app/config/production.json", "a.json")], [file("a.json", OLD)]],
        [[file("a.json"), link("b.json", "/a.json"), hard("app/config/production.json", "b.json")]],
    ],
    ids=lambda layers: " | ".join(
        ",".join(f"{each.name}{'>' if each.linkname else ''}{each.linkname}" for each, _ in layer)
        for layer in layers
    ),
)  # fmt: skip
def test_a_file_is_found_as_a_container_sees_it(verified, layers):
    assert verified(layers) == {CONFIG: sha256(NEW)}
    assert verified(layers, {CONFIG: sha256(NEW)}) == {CONFIG: sha256(NEW)}


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([[file("app/server.js")]], "not there"),
        ([[]], "not there"),
        ([[file("app/config/production.json")], [file("app/config/.wh.production.json", b"")]],
         "not there"),
        ([[file("app/config/production.json")], [file("app/.wh.config", b"")]], "not there"),
        ([[file("app/config/production.json")], [file(".wh.app", b"")]], "not there"),
        ([[file("app/config/production.json")], [file("app/config/.wh..wh..opq", b"")]],
         "not there"),
        ([[file("app/config/production.json")], [file(".wh..wh..opq", b"")]], "not there"),
        ([[file("app/config/production.json")], [file("app/config", OLD)]], "/app/config is no"),
        ([[file("app/config/production.json")], [file("app", OLD)]], "/app is no folder"),
        ([[file("app/config/production.json")], [folder("app/config/production.json")]],
         "it is a folder"),
        ([[an_entry("app/config/production.json", tarfile.FIFOTYPE)]], "it is a device"),
        ([[link("app/config/production.json", "/nowhere")]], "not there"),
        ([[link("app/config/production.json", "production.json")]], "more than 40 links"),
        ([[link("app/config", "/b"), link("b", "/app/config")]], "more than 40 links"),
        ([[hard("app/config/production.json", "b"), hard("b", "app/config/production.json")]],
         "more than 40 links"),
        ([[hard("app/config/production.json", "nowhere")]], "not there"),
        ([[file("a.json"), link("b.json", "a.json"), hard("app/config/production.json", "b.json")]],
         "not there"),
        ([[file("app/config/production.json")], [link("app", "/srv")]], "not there"),
        ([[link(f"l{n}/x", f"../l{n + 1}/x") for n in range(30)]
          + [link("app/config/production.json", "/l0/x"), file("l30/x")]], "too many links"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_container_would_not_find_is_no_file(verified, layers, words):
    with pytest.raises(StepFailed, match=words) as failure:
        verified(layers)

    assert CONFIG in str(failure.value)


def test_another_content_than_the_wanted_one_is_told(verified):
    with pytest.raises(StepFailed, match=f"{sha256(OLD)}, and {sha256(NEW)} is wanted"):
        verified([[file("app/config/production.json", OLD)]], {CONFIG: sha256(NEW)})


def test_a_relative_path_begins_at_the_working_folder(verified):
    layers = [[file("app/config/production.json")]]

    found = verified(layers, {"./config/production.json": None}, WorkingDir="/app")

    assert found == {"./config/production.json": sha256(NEW)}
    with pytest.raises(StepFailed, match=r"has no file /config/production\.json"):
        verified(layers, {"config/production.json": None})


@pytest.mark.parametrize(
    "path", ["", "/", "../x", "/a/../b", "a/", "a//b", "a/./b", "a\nb", "a\0b", ".", "x" * 1025]
)
def test_s16_a_path_that_is_none_is_refused_before_anything_is_read(path):
    with pytest.raises(ValueError, match="files"):
        VerifyImage(image_name="team/app:v1", files={path: None})


def test_a_file_is_asked_for_in_a_pattern_and_otherwise_not_mentioned():
    assert "files" not in VerifyImage(image_name="team/app:v1").model_dump()
    asked = VerifyImage(image_name="team/app:v1", files={CONFIG: None})
    assert asked.model_dump(mode="json")["files"] == {CONFIG: None}
