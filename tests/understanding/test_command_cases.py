"""Every line of cases/*.jsonl is a command and what must become of it.

The fields are those of a gold standard: `expect` (outcomes joined by `_or_`), the intent's slots,
and for a question the slots it must name in `missing`. A wrong understanding is mended by adding
the command here first.
"""

import json
import pathlib
from typing import Any

import pytest

from opsbot.understanding.answer import Intent, Question, Refusal, Understanding
from opsbot.understanding.understand import understand
from tests.understanding.sample_organisation import sample

CASES = pathlib.Path(__file__).parent / "cases"
SLOTS = ("action", "application", "environment", "platform", "urgency")


def cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            found.append(pytest.param(case, id=f"{file.stem}-{case['id']}"))
    return found


def outcome(answer: Understanding) -> str:
    match answer:
        case Intent():
            return "plan"
        case Question():
            return "question"
        case Refusal():
            return "refusal"


@pytest.mark.parametrize("case", cases())
def test_a_command_is_understood_as_its_case_says(case: dict[str, Any]) -> None:
    answer = understand(case["command"], sample())

    assert outcome(answer) in case["expect"].split("_or_"), answer
    match answer:
        case Intent():
            given = {slot: case[slot] for slot in SLOTS if slot in case}
            assert {slot: getattr(answer, slot) for slot in given} == given
            assert answer.parameters == case.get("parameters", {})
            assert answer.command == case["command"]
        case Question():
            assert set(case.get("missing", ())) <= set(answer.missing)
        case Refusal():
            assert answer.code == case.get("code", answer.code)


def test_the_cases_cover_every_action_and_outcome() -> None:
    found = [parameter.values[0] for parameter in cases()]

    assert {case.get("action") for case in found if case["expect"] == "plan"} == {
        "deploy", "rollback", "restart", "scale", "promote",
        "build", "test", "scan", "status", "diagnose",
    }  # fmt: skip
    assert len({case["command"] for case in found}) == len(found) >= 170
