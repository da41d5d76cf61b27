"""build_image, push_image, pull_image: from an archive to the registry, and back to an Engine."""

from typing import Any

import pytest

from opsbot.integrations.docker import building, engine, names
from opsbot.vocabulary.errors import StepFailed
from tests.contract.docker.archives import COMMIT, labels_of
from tests.contract.docker.conftest import Connect
from tests.contract.docker.yard import TAG, Yard

LASTING = f"{TAG}-{COMMIT[:7]}"


@pytest.mark.parametrize("gzipped", [False, True])
def test_an_archive_becomes_an_image_that_can_be_verified(yard: Yard, gzipped: bool) -> None:
    archive = yard.archive(gzipped=gzipped)

    output = yard.push(archive)
    verified = yard.verify(digest=output.digest, labels=labels_of(archive))

    assert output.image == str(yard.name())
    assert verified.reference == yard.name().at(output.digest)
    assert (verified.layers, verified.signature) == (1, "not_measured")
    assert output.size > 0


def test_the_same_archive_is_adopted_and_not_built_again(yard: Yard) -> None:
    archive = yard.archive()
    first = yard.push(archive)
    yard.said.clear()

    second = yard.push(archive)

    assert first == second
    adopted = f"{first.image} was made from this archive before: adopting {first.digest}."
    assert yard.said == [adopted]


def test_a_lost_tag_is_given_back_to_the_image_under_its_lasting_name(yard: Yard) -> None:
    archive = yard.archive()
    first = yard.push(archive)
    other = yard.archive(text="other")
    yard.push(other, labels_of(other, commit="b" * 40))

    again = yard.push(archive)

    assert again.digest == first.digest
    assert yard.verify(digest=first.digest, labels=labels_of(archive)).digest == first.digest


def test_another_image_of_the_same_commit_never_takes_the_lasting_name(yard: Yard) -> None:
    archive = yard.archive()
    first = yard.push(archive)

    second = yard.push(archive, build_args={"EXTRA": "1"})

    assert second.digest != first.digest
    assert yard.client.registry.digest(yard.name(LASTING)) == first.digest


def test_lasting_names_that_others_have_all_taken_are_told(yard: Yard) -> None:
    other = yard.archive(text="other")
    yard.push(other, labels_of(other, commit="b" * 40), tag="other")
    taken = yard.client.registry.manifest(yard.name("other"))
    assert taken is not None
    archive = yard.archive()
    recipe = building.recipe(yard.client, archive, "Dockerfile", {}, labels_of(archive))
    for name in names.lasting(yard.name(), recipe.labels):
        yard.client.registry.put(name, taken)

    with pytest.raises(StepFailed, match="Find out who pushed them"):
        yard.push(archive)

    assert yard.client.registry.manifest(yard.name()) is None


def test_an_image_is_built_without_being_pushed(yard: Yard) -> None:
    archive = yard.archive()

    output = yard.build(archive)

    assert output.image == str(yard.name())
    held = engine.find(yard.client.engine, output.image)
    assert held is not None
    assert held["Id"] == output.image_id
    assert labels_of(archive).items() <= held["Config"]["Labels"].items()
    assert output.size == len(yard.repository)
    assert yard.client.registry.manifest(yard.name()) is None


def test_an_image_that_the_engine_has_is_not_built_again(yard: Yard) -> None:
    archive = yard.archive()
    first = yard.build(archive)
    yard.said.clear()

    assert yard.build(archive) == first
    adopted = f"{first.image} was made from this archive before: adopting {first.image_id}."
    assert yard.said == [adopted]


def test_another_archive_under_the_same_name_is_built(yard: Yard) -> None:
    first = yard.build(yard.archive())

    second = yard.build(yard.archive(text="other"))

    assert first.image == second.image
    assert first.image_id != second.image_id


@pytest.mark.parametrize("step", ["build", "push"])
def test_an_error_in_the_stream_fails_the_step(yard: Yard, step: str) -> None:
    archive = yard.archive(dockerfile="FROM scratch\nCOPY missing /x\n")

    with pytest.raises(StepFailed, match="stat missing: file does not exist"):
        getattr(yard, step)(archive)


def test_a_missing_dockerfile_is_named(yard: Yard) -> None:
    with pytest.raises(StepFailed, match="Cannot locate specified Dockerfile: nope/Dockerfile"):
        yard.build(yard.archive(), dockerfile="nope/Dockerfile")


def test_an_instruction_that_is_none_is_named(yard: Yard) -> None:
    with pytest.raises(StepFailed, match="unknown instruction: FORM"):
        yard.build(yard.archive(dockerfile="FORM scratch\n"))


def test_a_base_image_that_no_registry_has_is_named(yard: Yard) -> None:
    unknown = yard.name("none")

    with pytest.raises(StepFailed, match=f"{unknown} not found: manifest unknown"):
        yard.build(yard.archive(dockerfile=f"FROM {unknown}\n"))


def test_a_base_image_that_the_engine_lacks_is_pulled(yard: Yard) -> None:
    yard.push(yard.archive())
    yard.forget()

    built = yard.build(yard.archive(dockerfile=f"FROM {yard.name()}\nLABEL on=top\n"), tag="top")

    held = engine.find(yard.client.engine, built.image)
    assert held is not None
    assert held["Config"]["Labels"]["on"] == "top"
    assert len(held["RootFS"]["Layers"]) == 1


def test_an_archive_that_is_not_the_builds_is_refused(yard: Yard) -> None:
    labels = labels_of(yard.archive(text="the build's"))

    with pytest.raises(StepFailed, match="Fetch the archive"):
        yard.push(yard.archive(text="somebody's"), labels)


def test_an_image_comes_back_to_an_engine_that_lost_it(yard: Yard) -> None:
    built = yard.build(yard.archive())
    pushed = yard.push(yard.archive())
    yard.forget()

    pulled = yard.pull()

    assert pulled.image == str(yard.name())
    assert pulled.reference == yard.name().at(pushed.digest)
    held = engine.find(yard.client.engine, pulled.image)
    assert held is not None
    assert pulled.image_id == held["Id"] == built.image_id
    assert held["RepoDigests"] == [pulled.reference]
    assert pulled.size == len(yard.repository)


def test_an_image_that_the_engine_has_is_not_pulled_again(yard: Yard) -> None:
    yard.push(yard.archive())
    first = yard.pull()
    yard.said.clear()

    assert yard.pull() == first
    assert yard.said == [f"The Docker Engine has {first.reference} already."]


def test_a_pull_takes_the_image_that_the_tag_means_now(yard: Yard) -> None:
    yard.push(yard.archive())
    yard.pull()
    other = yard.archive(text="other")
    moved = yard.push(other, labels_of(other, commit="b" * 40))

    assert yard.pull().digest == moved.digest


def test_a_tag_that_moves_during_a_pull_changes_nothing(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = yard.push(yard.archive())
    other = yard.archive(text="other")
    yard.push(other, labels_of(other, commit="b" * 40), tag="other")
    yard.forget()
    pull = yard.client.engine.pull

    def moved(*arguments: Any, **options: Any) -> Any:
        yard.tag(TAG, source_tag="other")
        return pull(*arguments, **options)

    monkeypatch.setattr(yard.client.engine, "pull", moved)

    assert yard.pull().digest == first.digest


def test_a_pull_of_a_digest_that_the_tag_lost_is_refused(yard: Yard) -> None:
    first = yard.push(yard.archive())
    other = yard.archive(text="other")
    yard.push(other, labels_of(other, commit="b" * 40))

    with pytest.raises(StepFailed, match="somebody moved the tag"):
        yard.pull(digest=first.digest)


def test_an_image_that_no_registry_has_is_not_pulled(yard: Yard) -> None:
    with pytest.raises(StepFailed, match=f"{yard.name('none')} is not in the registry"):
        yard.pull("none")


def test_an_airflow_connection_reaches_engine_and_registry(yard: Yard, connect: Connect) -> None:
    yard.client = connect(extra={"build_args": {"GREETING": "from the platform"}})
    recipe = "FROM scratch\nARG GREETING\nLABEL greeting=$GREETING\nCOPY a /a\n"

    output = yard.push(yard.archive(dockerfile=recipe))

    labels = yard.client.registry.labels(
        yard.name(), yard.client.registry.manifest(yard.name(), output.digest)
    )
    assert output.image == str(yard.name())
    assert labels["greeting"] == "from the platform"
