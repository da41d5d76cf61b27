"""`tree`: what a client did not ask for is not there."""

from typing import Any

import pytest

from opsbot.sandbox.jenkins import tree

JOB: dict[str, Any] = {
    "_class": "Job",
    "name": "a",
    "lastBuild": {"_class": "Run", "number": 3, "result": None},
    "builds": [{"_class": "Run", "number": number, "queueId": number} for number in (3, 2, 1)],
    "names": ["x", "y", "z"],
}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("name", {"name": "a"}),
        ("lastBuild", {"lastBuild": {"_class": "Run"}}),
        ("lastBuild[number]", {"lastBuild": {"_class": "Run", "number": 3}}),
        ("builds[number]{0,1}", {"builds": [{"_class": "Run", "number": 3}]}),
        ("builds[number]{1}", {"builds": [{"_class": "Run", "number": 2}]}),
        ("builds[number]{2,}", {"builds": [{"_class": "Run", "number": 1}]}),
        ("names{,2}", {"names": ["x", "y"]}),
        ("unknown[deep[er]],name", {"name": "a"}),
    ],
)
def test_an_answer_is_cut(asked: str, kept: dict[str, Any]) -> None:
    assert tree.cut(JOB, tree.parse(asked)) == {"_class": "Job", **kept}


@pytest.mark.parametrize("asked", ["", "a[", "a]", "a[b", "a,,b", "a{x}", "a b", "[a]"])
def test_a_tree_that_is_none_is_malformed(asked: str) -> None:
    with pytest.raises(tree.Malformed):
        tree.parse(asked)
