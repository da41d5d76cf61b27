"""The patterns folder: one pattern a file, and mistakes with file and line."""

from pathlib import Path

import pytest

from opsbot.configuration.organisation_files import read_organisation
from opsbot.configuration.patterns import read_patterns
from opsbot.vocabulary.errors import ConfigurationError
from opsbot.vocabulary.words import Action

INCLUDE = Path(__file__).parent.parent.parent / "include"
ORGANISATION = read_organisation(INCLUDE)
SHIPPED = INCLUDE / "patterns" / "build.yaml"


def an_include(folder: Path, name: str, text: str) -> Path:
    patterns = folder / "patterns"
    patterns.mkdir()
    (patterns / name).write_text(text)
    return folder


def test_shipped_patterns_serve_every_action() -> None:
    patterns = read_patterns(INCLUDE, ORGANISATION)

    assert {action for each in patterns for action in each.serves.actions} == set(Action)


def test_pattern_is_named_as_its_file(tmp_path: Path) -> None:
    include = an_include(tmp_path, "construct.yaml", SHIPPED.read_text())

    with pytest.raises(ConfigurationError, match=r"'build' stands in the file 'construct\.yaml'"):
        read_patterns(include, ORGANISATION)


def test_folder_without_patterns_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no pattern"):
        read_patterns(tmp_path, ORGANISATION)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('"{branch}"', '"{brunch}"', "Did you mean 'branch'"),
        ("tool: trigger_build", "tool: trigger_build\n    depends_on: [build]", "circle"),
        ("tool: trigger_build", "tools: trigger_build", "Did you mean 'tool'"),
        ("guards: [report, succeeded", "guards: [report, succeded", "'succeeded'"),
        (
            "actions: [build]",
            "actions: [build]\n  environments: [prodution]",
            "no environment 'prodution'. Did you mean 'production'",
        ),
    ],
)
def test_mistake_names_its_file_and_line(
    tmp_path: Path, right: str, wrong: str, problem: str
) -> None:
    text = SHIPPED.read_text()
    assert right in text
    include = an_include(tmp_path, "build.yaml", text.replace(right, wrong))

    with pytest.raises(ConfigurationError, match=problem) as refused:
        read_patterns(include, ORGANISATION)

    assert refused.value.file.endswith("build.yaml")
    assert refused.value.line > 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("actions: [build]", "actions: [test, build]"),
        ("actions: [build]\n  approval: false", "actions: [build]\n  approval: false"),
        (
            "actions: [build]\n  environments: [production, staging]",
            "actions: [build]\n  environments: [staging]",
        ),
    ],
)
def test_two_patterns_for_the_same_plans_are_an_error_at_the_second(
    tmp_path: Path, first: str, second: str
) -> None:
    text = SHIPPED.read_text()
    include = an_include(tmp_path, "build.yaml", text.replace("actions: [build]", first))
    twin = text.replace("name: build", "name: build_again").replace("actions: [build]", second)
    (include / "patterns" / "build_again.yaml").write_text(twin)

    with pytest.raises(ConfigurationError, match="both serve build") as refused:
        read_patterns(include, ORGANISATION)

    lines = Path(refused.value.file).read_text().splitlines()
    assert lines[refused.value.line - 1].startswith("serves:")


@pytest.mark.parametrize(
    "serves",
    [
        "actions: [test]",
        "actions: [build]\n  approval: true",
        "actions: [build]\n  environments: [production]",
    ],
)
def test_a_narrower_or_another_pattern_is_no_rival(tmp_path: Path, serves: str) -> None:
    text = SHIPPED.read_text()
    include = an_include(tmp_path, "build.yaml", text)
    other = text.replace("name: build", "name: other").replace("actions: [build]", serves)
    (include / "patterns" / "other.yaml").write_text(other)

    assert [each.name for each in read_patterns(include, ORGANISATION)] == ["build", "other"]


@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ("{connection: mcp_jenkins, tool: run}", "which is done natively only. Remove `mcp`"),
        ("{conection: mcp_jenkins, tool: run}", "Did you mean 'connection'"),
        ("{connection: mcp jenkins, tool: run}", "'steps.0.mcp.connection' is 'mcp jenkins'"),
        ("{connection: mcp_jenkins}", "'steps.0.mcp.tool' is missing"),
        ("run", "has no keys"),
    ],
)
def test_a_pin_that_cannot_hold_is_said_with_its_line(
    tmp_path: Path, pin: str, problem: str
) -> None:
    text = SHIPPED.read_text().replace(
        "    tool: trigger_build\n", f"    tool: trigger_build\n    mcp: {pin}\n"
    )
    include = an_include(tmp_path, "build.yaml", text)

    with pytest.raises(ConfigurationError) as mistake:
        read_patterns(include, ORGANISATION)

    lines = text.splitlines()
    assert problem in str(mistake.value)
    assert "tool" in lines[mistake.value.line - 1] or "mcp" in lines[mistake.value.line - 1]
