"""Signatures are read from a folder; a mistake in one is told with file, line and remedy."""

from pathlib import Path

import pytest

from opsbot.configuration.signatures import read_signatures
from opsbot.vocabulary.errors import ConfigurationError

GOOD = """signatures:
  - id: ours-one
    category: missing_file
    pattern: "no (?P<entity>\\\\S+) here"
"""


def folder(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "signatures").mkdir()
    for name, text in files.items():
        (tmp_path / "signatures" / f"{name}.yaml").write_text(text)
    return tmp_path


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    include = folder(tmp_path, b=GOOD, a=GOOD.replace("ours-one", "theirs-one"))

    assert [each.id for each in read_signatures(include)] == ["theirs-one", "ours-one"]


def test_an_organisation_need_not_have_any(tmp_path: Path) -> None:
    assert read_signatures(tmp_path) == ()


@pytest.mark.parametrize(
    ("wrong", "line", "words"),
    [
        (GOOD.replace("(?P<entity>", "(?P<entity"), 4, "no regular expression"),
        (GOOD.replace("missing_file", "lost_file"), 3, "category"),
        (GOOD.replace("pattern", "patern"), 4, "patern"),
        (GOOD + GOOD.removeprefix("signatures:\n"), 5, "'ours-one' stands twice"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, wrong: str, line: int, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        read_signatures(folder(tmp_path, ours=wrong))

    assert f"ours.yaml:{line}" in str(caught.value)
