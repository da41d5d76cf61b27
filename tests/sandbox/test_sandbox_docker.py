"""The Docker Engine, asked by the Docker SDK's low-level client as the integrations do."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import docker
import docker.errors
import pytest
import requests

from tests.sandbox.conftest import Engine

SAMPLE = Path(__file__).parents[2] / "include" / "sample-application"
HELLO = {"Dockerfile": "FROM scratch\nCOPY hello /\n", "hello": "hello"}


def client(engine: Engine) -> docker.APIClient:
    return docker.APIClient(base_url=engine.url, version="auto")


def context(files: dict[str, str]) -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mtime = len(text), 12345
            tar.addfile(member, io.BytesIO(text.encode()))
    buffer.seek(0)
    return buffer


def sample() -> io.BytesIO:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(SAMPLE, arcname=".")
    buffer.seek(0)
    return buffer


def build(
    engine: Engine, files: dict[str, str] | io.BytesIO, **options: Any
) -> list[dict[str, Any]]:
    sent = files if isinstance(files, io.BytesIO) else context(files)
    records = client(engine).build(fileobj=sent, custom_context=True, decode=True, **options)
    return list(records)


def error(records: list[dict[str, Any]]) -> str:
    assert records[-1]["errorDetail"]["message"] == records[-1]["error"]
    return str(records[-1]["error"])


def image_id(records: list[dict[str, Any]]) -> str:
    (found,) = [record["aux"]["ID"] for record in records if "aux" in record]
    return str(found)


def test_an_engine_can_be_found_and_asked_for_its_version(engine: Engine) -> None:
    assert client(engine).ping() is True
    assert client(engine).version()["ApiVersion"] == "1.41"


def test_the_sample_application_is_built_as_its_dockerfile_says(engine: Engine) -> None:
    arguments = {"BASE": engine.base, "ENV": "production"}

    records = build(
        engine, sample(), dockerfile="Dockerfile.prod", tag="app:1", buildargs=arguments
    )

    settings = client(engine).inspect_image("app:1")["Config"]
    assert image_id(records) == client(engine).inspect_image("app:1")["Id"]
    assert settings["Cmd"] == ["node", "server.js"]
    assert settings["WorkingDir"] == "/app"
    assert settings["ExposedPorts"] == {"3000/tcp": {}}
    assert "NODE_ENV=production" in settings["Env"]


def test_a_pushed_image_is_in_the_registry_under_the_digest_that_the_push_tells(
    engine: Engine,
) -> None:
    repository = f"{engine.registry.address}/myorg/app"
    build(engine, HELLO, tag=f"{repository}:1", labels={"commit": "abc"})

    records = list(client(engine).push(repository, tag="1", stream=True, decode=True))

    told = records[-1]["aux"]
    stored = requests.get(f"{engine.registry.url}/v2/myorg/app/manifests/1")
    assert stored.headers["Docker-Content-Digest"] == told["Digest"]
    assert len(stored.content) == told["Size"]
    blob = stored.json()["config"]["digest"]
    config = requests.get(f"{engine.registry.url}/v2/myorg/app/blobs/{blob}").json()
    assert config["config"]["Labels"] == {"commit": "abc"}


def test_equal_content_is_the_same_image(engine: Engine) -> None:
    first, second = build(engine, HELLO), build(engine, dict(reversed(HELLO.items())))

    assert image_id(first) == image_id(second)


def test_other_content_is_another_image(engine: Engine) -> None:
    first, second = build(engine, HELLO), build(engine, HELLO | {"hello": "Hello"})

    assert image_id(first) != image_id(second)


def test_labels_are_kept_to_the_letter(engine: Engine) -> None:
    labels = {"a": 'it\'s $HOME, "x" \\ y', "b": ""}

    build(
        engine,
        HELLO | {"Dockerfile": "FROM scratch\nLABEL a=old c=kept\n"},
        tag="l:1",
        labels=labels,
    )

    assert client(engine).inspect_image("l:1")["Config"]["Labels"] == labels | {"c": "kept"}


def test_arguments_are_seen_once_declared_and_env_comes_first(engine: Engine) -> None:
    recipe = (
        "ARG BASE=scratch\nFROM ${BASE}\nARG ONE=1\nARG TWO\nENV TWO=env\n"
        "ENV ALL=${ONE}-$TWO-${THREE:-none}-\\$X\n"
    )

    build(
        engine,
        {"Dockerfile": recipe},
        tag="a:1",
        buildargs={"ONE": "one", "TWO": "2", "THREE": "3"},
    )

    assert "ALL=one-env-none-$X" in client(engine).inspect_image("a:1")["Config"]["Env"]


@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        ("RUN npm ci", "runs no commands"),
        ("COPY config/ ./config/", "stat config/: file does not exist"),
        ("COPY ../secret /", "forbidden path outside the build context"),
        ("COPY --from=other hello /", "--from=other is not supported"),
        ("ADD http://example.com/x /", "use COPY"),
        ("FROM scratch", "several stages"),
    ],
)
def test_what_cannot_be_done_is_an_error_in_the_stream(
    engine: Engine, instruction: str, words: str
) -> None:
    records = build(engine, HELLO | {"Dockerfile": f"FROM scratch\n{instruction}\n"}, tag="no:1")

    assert words in error(records)
    with pytest.raises(docker.errors.ImageNotFound):
        client(engine).inspect_image("no:1")


def test_an_image_that_is_not_here_is_not_pulled_from_anywhere(engine: Engine) -> None:
    records = build(engine, {"Dockerfile": "FROM node:20-alpine\n"})

    assert "pull access denied for node:20-alpine" in error(records)


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd/../../x", "a/../../b"])
def test_a_context_that_leads_out_of_itself_is_refused(engine: Engine, path: str) -> None:
    with pytest.raises(docker.errors.APIError, match="leads out of the build context"):
        build(engine, HELLO | {path: "x"})


def test_a_link_that_leads_out_of_the_context_is_refused(engine: Engine) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        member = tarfile.TarInfo("link")
        member.type, member.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        tar.addfile(member)
    buffer.seek(0)

    with pytest.raises(docker.errors.APIError, match="leads out of the build context"):
        build(engine, buffer)


def test_a_context_without_the_dockerfile_is_refused(engine: Engine) -> None:
    with pytest.raises(docker.errors.APIError, match="Cannot locate specified Dockerfile: Nope"):
        build(engine, HELLO, dockerfile="Nope")


def test_what_is_no_tar_is_refused(engine: Engine) -> None:
    with pytest.raises(docker.errors.APIError, match="tar"):
        build(engine, io.BytesIO(b"this is no tar" * 100))


def test_a_push_of_what_does_not_exist_fails_in_the_stream(engine: Engine) -> None:
    repository = f"{engine.registry.address}/myorg/none"

    records = list(client(engine).push(repository, tag="1", stream=True, decode=True))

    assert error(records) == f"An image does not exist locally with the tag: {repository}"


@pytest.mark.parametrize(
    ("host", "words"), [("127.0.0.1:1", "refused"), ("registry.example.com", "127.0.0.1 alone")]
)
def test_a_registry_that_cannot_be_reached_fails_in_the_stream(
    engine: Engine, host: str, words: str
) -> None:
    build(engine, HELLO, tag=f"{host}/app:1")

    records = list(client(engine).push(f"{host}/app", tag="1", stream=True, decode=True))

    assert words in error(records)


def test_an_image_lives_until_its_last_name_is_gone(engine: Engine) -> None:
    records = build(engine, HELLO, tag="one:1")
    assert client(engine).tag("one:1", "two", tag="2") is True

    client(engine).remove_image("one:1")

    assert client(engine).inspect_image("two:2")["Id"] == image_id(records)
    removed = json.dumps(client(engine).remove_image("two:2"))
    assert image_id(records) in removed
    with pytest.raises(docker.errors.ImageNotFound):
        client(engine).remove_image("two:2")


def test_images_are_listed_with_their_names(engine: Engine) -> None:
    build(engine, HELLO, tag="one:1")

    names = [name for image in client(engine).images() for name in image["RepoTags"]]

    assert sorted(names) == sorted([engine.base, "one:1"])
