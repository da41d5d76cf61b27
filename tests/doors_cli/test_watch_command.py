"""`opsbot watch --replay` as it is called."""

import json

import pytest

from opsbot.doors import cli

HEADER = {"deployment": "shop", "namespace": "shop", "seconds": 5}
NOT_OF_KUBERNETES = {
    "t": 1,
    "type": "ADDED",
    "object": {"kind": "Deployment", "metadata": {"name": "shop"}},
}


def test_one_verdict_a_file_in_the_same_order(tmp_path, capsys):
    files = []
    for name in ("a", "b"):
        files.append(tmp_path / f"{name}.jsonl")
        files[-1].write_text(json.dumps(HEADER | {"deployment": name}) + "\n")

    assert cli.main(["watch", "--json", "--replay", *map(str, files)]) == 0

    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["verdict"] for each in found] == ["waiting", "waiting"]
    assert ["'a'" in found[0]["reason"], "'b'" in found[1]["reason"]] == [True, True]
    assert found[0]["at"] is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]\n",
        b"\n".join(json.dumps(each).encode() for each in (HEADER, NOT_OF_KUBERNETES)),
    ],
)
def test_what_is_no_recording_is_said_and_not_judged(tmp_path, capsys, content):
    file = tmp_path / "recorded.jsonl"
    file.write_bytes(content)

    assert cli.main(["watch", "--replay", str(file)]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert str(file) in said.err


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert cli.main(["watch", "--replay", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err
