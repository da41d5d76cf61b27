"""`opsbot tools match`: what it prints, and what it says to a file that is none."""

import json
import pathlib
import re

import pytest

from opsbot.capabilities import catalog
from opsbot.doors import cli, tool_matching
from opsbot.vocabulary.words import ServerKind

TOOLS = [
    {
        "name": "pull_image",
        "inputSchema": {
            "type": "object",
            "properties": {"image": {"type": "string"}},
            "required": ["image"],
        },
    },
    {"name": "prune_images", "inputSchema": {"type": "object"}},
]


@pytest.fixture
def saved(tmp_path: pathlib.Path):
    def save(content: object) -> str:
        file = tmp_path / "tools.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(file)

    return save


def _match(capsys, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["tools", "match", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_every_capability_of_the_kind_has_its_tool_or_null(saved, capsys):
    code, out, _ = _match(capsys, "--kind", "docker", saved({"tools": TOOLS}), "--json")
    answer = json.loads(out)

    assert code == 0
    assert set(answer["mapping"]) == set(catalog.NATIVE[ServerKind.DOCKER])
    assert {k: v for k, v in answer["mapping"].items() if v} == {"pull_image": "pull_image"}
    assert answer["denied"] == ["prune_images"]


def test_the_place_of_the_json_flag_does_not_matter(saved, capsys):
    file = saved({"tools": TOOLS})

    assert cli.main(["tools", "--json", "match", "--kind", "docker", file]) == 0
    assert json.loads(capsys.readouterr().out)["denied"] == ["prune_images"]


def test_a_person_reads_a_table(saved, capsys):
    code, out, _ = _match(capsys, "--kind", "docker", saved({"tools": TOOLS}))

    assert code == 0
    assert re.search(r"pull_image +pull_image", out)
    assert "prune_images" in out.partition("Never called")[2]


def test_a_name_cannot_move_the_cursor(saved, capsys):
    hostile = {**TOOLS[0], "name": "pull\x1b[2Jimage\u202e"}

    _, out, _ = _match(capsys, "--kind", "docker", saved({"tools": [hostile]}))

    assert "\x1b" not in out and "\u202e" not in out
    assert "pull\\x1b[2Jimage\\u202e" in out


def test_further_pages_are_mentioned_and_what_is_there_is_matched(saved, capsys):
    file = saved({"tools": TOOLS, "nextCursor": "page-2"})

    code, out, err = _match(capsys, "--kind", "docker", file, "--json")

    assert code == 0 and json.loads(out)["mapping"]["pull_image"] == "pull_image"
    assert "nextCursor" in err


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "not a tools/list result"),
        ('{"tools": ["pull_image"]}', "tools[0] is not an object"),
        ('{"tools": [{"name": "a", "inputSchema": {"x": NaN}}]}', "tools[0]"),
        (f'{{"tools": {"9" * 5000}}}', "is not JSON"),
    ],
)
def test_a_file_without_a_list_of_tools_is_a_clear_error(content, complaint, saved, capsys):
    code, out, err = _match(capsys, "--kind", "docker", saved(content), "--json")

    assert (code, out) == (2, "")
    assert complaint in err and "tools.json" in err


def test_a_file_that_cannot_be_read_is_a_clear_error(tmp_path, capsys):
    for file in (tmp_path, tmp_path / "none.json"):
        code, out, err = _match(capsys, "--kind", "docker", str(file))

        assert (code, out) == (2, "")
        assert "cannot be read" in err


def test_a_file_without_end_is_not_read_to_its_end(capsys, monkeypatch):
    monkeypatch.setattr(tool_matching, "LARGEST_FILE", 1024 * 1024)

    code, _, err = _match(capsys, "--kind", "docker", "/dev/zero")

    assert code == 2
    assert "larger than 1 MiB" in err


def test_another_kind_of_server_is_a_wrong_call(saved, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["tools", "match", "--kind", "slack", saved({"tools": TOOLS})])

    assert ended.value.code == 2
    assert "jenkins" in capsys.readouterr().err


def test_ten_thousand_tools_and_a_schema_of_circles_are_matched(saved, capsys):
    node = {"$ref": "#/$defs/Node"}
    circle = {
        "type": "object",
        "properties": {"image": node},
        "required": ["image"],
        "$defs": {"Node": {"$ref": "#/$defs/Edge"}, "Edge": node},
    }
    many = [{**TOOLS[0], "name": f"pull_image_{number}"} for number in range(10_000)]
    file = saved({"tools": [*TOOLS, {"name": "inspect_image", "inputSchema": circle}, *many]})

    code, out, _ = _match(capsys, "--kind", "docker", file, "--json")

    assert code == 0
    assert json.loads(out)["mapping"]["pull_image"] == "pull_image"
