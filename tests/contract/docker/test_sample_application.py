"""The sample application, built on a Docker Engine from an archive such as Jenkins leaves."""

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from opsbot.vocabulary.errors import StepFailed
from tests.contract.docker.archives import labels_of
from tests.contract.docker.yard import Yard
from tests.contract.registry.places import Place

SAMPLE = Path(__file__).parents[3] / "include" / "sample-application"
CONFIG = "./config/production.json"
CONTENT = (SAMPLE / CONFIG).read_bytes()

Push = Callable[..., Path]


@pytest.fixture
def push(yard: Yard, target: Place, tmp_path: Path) -> Push:
    """Build and push the application upon the base image of the place; return its archive."""
    repository, tag = "base/node", "20"
    base = yard.name().model_copy(update={"repository": repository, "tag": tag})
    if yard.client.registry.digest(base) is None:
        pytest.skip(f"the registry has no {base}")
    yard.client.build_args = {"BASE": f"{target.registry}/{repository}:{tag}"}

    def pushed(change: Callable[[str], str] = str) -> Path:
        archive = tmp_path / "application.tar"
        recipe = tmp_path / "Dockerfile.prod"
        recipe.write_text(change((SAMPLE / "Dockerfile.prod").read_text()))
        with tarfile.open(archive, "w") as tar:
            for file in sorted(SAMPLE.iterdir()):
                tar.add(recipe if file.name == recipe.name else file, arcname=file.name)
        arguments = {"ENV": "production"}
        yard.push(archive, dockerfile="Dockerfile.prod", build_args=arguments)
        return archive

    return pushed


def without_config(recipe: str) -> str:
    return recipe.replace("COPY config/ ./config/\n", "")


def test_the_application_is_built_upon_the_platforms_base_image(yard: Yard, push: Push) -> None:
    archive = push()

    wanted = {CONFIG: hashlib.sha256(CONTENT).hexdigest(), "/app/server.js": None}
    verified = yard.verify(labels=labels_of(archive), files=wanted)

    assert verified.files[CONFIG] == wanted[CONFIG]
    server = (SAMPLE / "server.js").read_bytes()
    assert verified.files["/app/server.js"] == hashlib.sha256(server).hexdigest()
    assert verified.layers > 4
    assert len(verified.platforms) == 1


def test_a_file_that_the_dockerfile_does_not_copy_is_found_missing(yard: Yard, push: Push) -> None:
    push(without_config)

    with pytest.raises(StepFailed, match=r"has no file /app/config/production\.json"):
        yard.verify(files={CONFIG: None})
    assert yard.verify(files={"./server.js": None}).files


def test_a_file_with_another_content_is_told(yard: Yard, push: Push) -> None:
    push()

    with pytest.raises(StepFailed, match="the image was made from other files"):
        yard.verify(files={CONFIG: hashlib.sha256(b"{}").hexdigest()})


def test_a_failing_instruction_is_named_with_its_step(yard: Yard, push: Push) -> None:
    def change(recipe: str) -> str:
        return recipe.replace("COPY src/ ", "COPY sources/ ")

    with pytest.raises(StepFailed, match=r"in 'Step \d+/\d+ : COPY sources/ .*file does not exist"):
        push(change)


def on_a_real_engine(target: Place) -> None:
    if target.name != "lab":
        pytest.skip("the sandbox's Docker Engine runs no commands")


def test_what_commands_remove_and_link_is_seen_as_a_container_sees_it(
    yard: Yard, push: Push, target: Place
) -> None:
    on_a_real_engine(target)
    commands = "ln config/production.json b.json && ln -s /app/b.json c.json && rm -r config src"
    push(lambda recipe: recipe.replace("EXPOSE", f"RUN {commands}\nEXPOSE"))

    found = yard.verify(files={"./c.json": None, "/app/b.json": None}).files

    assert set(found.values()) == {hashlib.sha256(CONTENT).hexdigest()}
    for gone in (CONFIG, "./src/app.js"):
        with pytest.raises(StepFailed, match="it is not there"):
            yard.verify(files={gone: None})


def test_a_failing_command_is_named_with_what_it_said(
    yard: Yard, push: Push, target: Place
) -> None:
    on_a_real_engine(target)
    command = "seq 100 && echo no such module >&2 && exit 7"

    with pytest.raises(StepFailed, match=r"in 'Step \d+/\d+ : RUN seq 100 .*code: 7") as failure:
        push(lambda recipe: recipe.replace("EXPOSE", f"RUN {command}\nEXPOSE"))

    assert "no such module" in str(failure.value)
