"""The patterns folder: one pattern a file, and mistakes with file and line."""

from pathlib import Path

import pytest

from opsbot.configuration.patterns import read_patterns
from opsbot.vocabulary.errors import ConfigurationError
from opsbot.vocabulary.words import Action

INCLUDE = Path(__file__).parent.parent.parent / "include"
SHIPPED = INCLUDE / "patterns" / "build.yaml"


def an_include(folder: Path, name: str, text: str) -> Path:
    patterns = folder / "patterns"
    patterns.mkdir()
    (patterns / name).write_text(text)
    return folder


def test_shipped_patterns_serve_every_action() -> None:
    patterns = read_patterns(INCLUDE)

    assert {action for each in patterns for action in each.serves.actions} == set(Action)


def test_pattern_is_named_as_its_file(tmp_path: Path) -> None:
    include = an_include(tmp_path, "construct.yaml", SHIPPED.read_text())

    with pytest.raises(ConfigurationError, match=r"'build' stands in the file 'construct\.yaml'"):
        read_patterns(include)


def test_folder_without_patterns_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no pattern"):
        read_patterns(tmp_path)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('"{branch}"', '"{brunch}"', "Did you mean 'branch'"),
        ("tool: trigger_build", "tool: trigger_build\n    depends_on: [build]", "circle"),
        ("tool: trigger_build", "tools: trigger_build", "Did you mean 'tool'"),
        ("guards: [succeeded", "guards: [succeded", "'succeeded'"),
    ],
)
def test_mistake_names_its_file_and_line(
    tmp_path: Path, right: str, wrong: str, problem: str
) -> None:
    text = SHIPPED.read_text()
    assert right in text
    include = an_include(tmp_path, "build.yaml", text.replace(right, wrong))

    with pytest.raises(ConfigurationError, match=problem) as refused:
        read_patterns(include)

    assert refused.value.file.endswith("build.yaml")
    assert refused.value.line > 1
