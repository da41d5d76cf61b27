"""Mistakes in include/ are found when it is read, each with file, line and remedy."""

import pathlib
import shutil

import pytest
import yaml

from opsbot.configuration import include, organisation_files, yaml_file
from opsbot.vocabulary.errors import ConfigurationError

SHIPPED = pathlib.Path(__file__).parents[2] / "include"


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the shipped include folder that a test may spoil."""
    return pathlib.Path(shutil.copytree(SHIPPED, tmp_path / "include"))


def spoil(folder: pathlib.Path, name: str, right: str, wrong: str) -> int:
    """Replace a text of a file once and return the line of it."""
    text = (folder / name).read_text(encoding="utf-8")
    before, found, after = text.partition(right)
    assert found
    (folder / name).write_text(before + wrong + after, encoding="utf-8")
    return before.count("\n") + 1


def error_of(folder: pathlib.Path) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        organisation_files.read_organisation(folder)
    return caught.value


def test_the_shipped_organisation_is_as_documented() -> None:
    organisation = organisation_files.read_organisation(SHIPPED)

    assert organisation.default_application == "my-application"
    assert [each.name for each in organisation.applications] == [
        "my-application", "payments-api", "web-frontend", "search-indexer",
    ]  # fmt: skip
    assert [each.namespace for each in organisation.environments] == [
        "production", "staging", "development",
    ]  # fmt: skip
    assert organisation.policies.of("production").coverage_required == 80
    assert not organisation.policies.of("production").moving_versions
    assert not organisation.policies.of("staging").approval.actions
    kinds = {each["kind"] for each in organisation.application("web-frontend").workload.manifests}
    assert {"Deployment", "Service"} <= kinds


@pytest.mark.parametrize(
    ("name", "right", "wrong", "problem", "remedy"),
    [
        ("applications.yaml", "repository:", "repositry:", "Unknown key", "repository"),
        ("applications.yaml", "      service: my", "      servce: my", "Unknown key", "service"),
        ("applications.yaml", "name: payments-api", "name: my-application", "is taken", "own"),
        ("applications.yaml", "[payments]", "[prod]", "'prod'", "Remove it"),
        ("applications.yaml", "[payments]", "[webfrontend]", "'web-frontend'", "Remove it"),
        (
            "applications.yaml",
            "default_application: my",
            "default_application: y",
            "does not",
            "my",
        ),
        ("applications.yaml", "deployment: my-application", "deployment: other", "Deployment", ""),
        ("applications.yaml", "service: web-frontend-service", "service: web", "Service", ""),
        ("applications.yaml", "manifests/my-application", "manifests/none", "no *.yaml", "Put"),
        ("applications.yaml", "manifests/my-application", "../..", "not a folder", "Name one"),
        ("applications.yaml", "replicas: 2", "replicas: two", "replicas", "Correct"),
        ("applications.yaml", "replicas: 2", "replicas: &a 2", "Anchors", "Write the value out"),
        ("applications.yaml", "branch: main", "branch: main\n    branch: dev", "twice", "Keep one"),
        ("environments.yaml", "[dev]", "[live]", "'live'", "Remove it"),
        ("environments.yaml", "tag_suffix: dev", "tag_sufix: dev", "Unknown key", "tag_suffix"),
        ("environments.yaml", "namespace: staging", "namespace: !!python/name:os", "tag", "Remove"),
        ("policies.yaml", "  staging:", "  stagin:", "no environment", "staging"),
        ("policies.yaml", "minimum: 1", "minimum: 30", "above the maximum", "Exchange"),
        (
            "policies.yaml",
            "- backup_verified",
            "- backup_verifed",
            "backup_verifed",
            "Write one of",
        ),
        ("policies.yaml", "deploy, rollback", "deply, rollback", "deply", "Write one of"),
        ("policies.yaml", "environments:", "environments: [", "not YAML", "Correct the line"),
        ("policies.yaml", "approvers: []", "approvers: alice", "no list", "approvers: [alice]"),
        ("policies.yaml", "approvers: []", "approvers: {alice: 1}", "no list", "line that begins"),
        ("policies.yaml", "approvers: []", "approvers:", "None, which is no list", "[] for none"),
        ("policies.yaml", "highest_risk: medium", "approval: alice", "no keys", "key: value"),
    ],
)
def test_a_mistake_is_reported_with_file_and_remedy(
    folder: pathlib.Path, name: str, right: str, wrong: str, problem: str, remedy: str
) -> None:
    spoil(folder, name, right, wrong)

    error = error_of(folder)

    assert pathlib.Path(error.file).name == name
    assert problem in error.problem
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("name", "right", "wrong", "key"),
    [
        ("environments.yaml", "namespace: staging", "namespace: ../x", "namespace"),
        ("environments.yaml", "name: staging", "name: $(id)", "name"),
        ("applications.yaml", "name: payments-api", "name: a b", "name"),
        ("applications.yaml", "container: my", "container: --my", "container"),
        ("applications.yaml", "service: my", "service: My", "service"),
        ("applications.yaml", "deployment: my", "deployment: a;my", "deployment"),
    ],
)
def test_s09_a_name_that_kubernetes_or_airflow_would_not_take_is_a_mistake(
    folder: pathlib.Path, name: str, right: str, wrong: str, key: str
) -> None:
    line = spoil(folder, name, right, wrong)

    error = error_of(folder)

    assert error.line == line
    assert f"{key}' is" in error.problem


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("applications.yaml", "health_path: /health", "helth_path: /health"),
        ("applications.yaml", "[payments]", "[prod]"),
        ("environments.yaml", "tag_suffix: prod", "tag_suffix: [1]"),
        ("policies.yaml", "  staging:", "  stagin:"),
        ("policies.yaml", "coverage_required: 80", "coverage_required: 180"),
        ("policies.yaml", "highest_risk: medium", "highest_risk: middling"),
    ],
)
def test_the_line_of_a_mistake_is_its_own(
    folder: pathlib.Path, name: str, right: str, wrong: str
) -> None:
    line = spoil(folder, name, right, wrong)

    error = error_of(folder)

    assert error.line == line


@pytest.mark.parametrize("name", ["staging", "development"])
def test_an_environment_without_a_policy_is_an_error(folder: pathlib.Path, name: str) -> None:
    document = yaml.safe_load((folder / "policies.yaml").read_text(encoding="utf-8"))
    del document["environments"][name]
    text = yaml.safe_dump(document, sort_keys=False)
    (folder / "policies.yaml").write_text(text, encoding="utf-8")

    error = error_of(folder)

    assert pathlib.Path(error.file).name == "policies.yaml"
    assert text.splitlines()[error.line - 1] == "environments:"
    assert f"{name!r} has no policy" in error.problem
    assert f"Add {name!r}" in error.remedy


def test_a_missing_file_is_named(folder: pathlib.Path) -> None:
    (folder / "policies.yaml").unlink()

    assert error_of(folder).file.endswith("policies.yaml")


def test_s16_a_bomb_is_refused_before_it_grows(tmp_path: pathlib.Path) -> None:
    bomb = tmp_path / "bomb.yaml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    bomb.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(ConfigurationError, match="Anchors"):
        yaml_file.read(bomb)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[" * 1000, "Nested deeper"),
        (b"a: " + b"x" * yaml_file.LARGEST_FILE, "larger than"),
        (b"a: 1\nb: \xff\n", "not UTF-8"),
        (b"a: 1\n---\nb: 2\n", "2 documents"),
        (b"", "0 documents"),
        (b"a: \x00b", "not YAML"),
        (b"? [1, 2]\n: x\n", "one plain word"),
        (b"<<: {a: 1}\n", "one plain word"),
        (b"a: &a [x]\nb: *a\n", "Anchors"),
        (b"- " * 100_000, "Nested deeper"),
        (b"{a: " * 100_000, "Nested deeper"),
        (b"? " * 100_000, "Nested deeper"),
        (b"a: " + b":".join([b"59"] * 100_000), "too long to be one"),
        (b"a: 0x" + b"f" * 100_000, "too long to be one"),
        (b"a: " + b"9" * 100_000, "too long to be one"),
        (b"a: !!python/object/apply:os.system [id]\n", "not plain data"),
        (b"a: !!binary aGVsbG8=\n", "not plain data"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else value,
)
def test_s16_hostile_or_broken_files_are_errors(
    tmp_path: pathlib.Path, content: bytes, problem: str
) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes(content)

    with pytest.raises(ConfigurationError) as caught:
        yaml_file.read(file)

    assert problem in caught.value.problem


def test_a_number_with_a_point_stays_as_it_is_written(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text("version: 1.10\nday: 2024-01-01\ncount: 3\nyes: true\n", encoding="utf-8")

    document = yaml_file.read(file)

    assert document.value == {"version": "1.10", "day": "2024-01-01", "count": 3, "yes": True}


def test_a_named_folder_wins(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    found = include.find({"OPSBOT_INCLUDE": str(folder)}, tmp_path)

    assert found == folder


def test_airflow_may_name_the_folder_too(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    found = include.find({"AIRFLOW__OPSBOT__INCLUDE_FOLDER": str(folder)}, tmp_path)

    assert found == folder


def test_a_named_folder_must_be_right(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ConfigurationError, match="OPSBOT_INCLUDE names"):
        include.find({"OPSBOT_INCLUDE": str(tmp_path)}, tmp_path)


def test_the_folder_beside_the_package_is_found(tmp_path: pathlib.Path) -> None:
    assert include.find({}, tmp_path) == SHIPPED
