"""What a pattern file may not say, and how it is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from opsbot.planning import placeholders, situation
from opsbot.planning.pattern import Pattern
from opsbot.vocabulary.errors import PlanningError
from tests.makers import an_intent, an_organisation


def a_pattern(*steps: dict[str, Any], **changes: Any) -> Pattern:
    pattern: dict[str, Any] = {
        "name": "example",
        "serves": {"actions": ["deploy"]},
        "title": "Example of {application.name}",
        "steps": steps or (a_step("build"),),
        "guards": ["succeeded"],
        "success_criteria": ["all_steps_completed"],
        "failure_handling": "The failed step says why.",
    }
    return Pattern.model_validate(pattern | changes)


def a_step(id: str, *depends_on: str, **changes: Any) -> dict[str, Any]:
    step = {"id": id, "title": id, "server": "jenkins", "tool": "trigger_build"}
    return {**step, "depends_on": depends_on, **changes}


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([a_step("a", "c"), a_step("b", "a"), a_step("c", "b")], "circle: a <- .* <- a"),
        ([a_step("a", "a")], "circle: a <- a"),
        (
            [a_step("build"), a_step("test", "biuld")],
            "'biuld', which is no step. Did you mean 'build'",
        ),
        ([a_step("build"), a_step("build")], "Two steps have the id 'build'"),
        ([a_step("gate")], "'gate' is a guard's name"),
        ([a_step("test", "build"), a_step("build")], "'test' is listed before 'build'"),
        (
            [a_step("build", arguments={"branch": "{brnch}"})],
            "Unknown placeholder {brnch}. Did you mean 'branch'",
        ),
        (
            [a_step("build", arguments={"parameters": {"x": ["{version.__class__}"]}})],
            "Unknown placeholder {version.__class__}",
        ),
        ([a_step("build", arguments={"branch": "{branch"})], "Unbalanced brace"),
        ([a_step("build", arguments={"branch": "{branch!r}"})], "Unknown placeholder {branch!r}"),
        ([a_step("Build")], "should match pattern"),
        ([a_step("build", server="jenkin")], "'jenkins'"),
    ],
)
def test_pattern_with_a_mistake_is_refused(steps: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        a_pattern(*steps)


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": ()},
        {"title": "{whatever}"},
        {"guards": ["gate", "gate"]},
        {"guards": ["gatekeeper"]},
        {"serves": {"actions": []}},
        {"approval": False},
    ],
)
def test_pattern_of_the_wrong_shape_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_pattern(**changes)


def test_whole_placeholder_keeps_its_type() -> None:
    names = {"replicas": 3, "policy.block_severities": ["HIGH"], "branch": "main"}

    resolved = placeholders.resolve(
        {"a": "{replicas}", "b": ["{policy.block_severities}"], "c": "on {branch}: {replicas}"},
        names,
    )

    assert resolved == {"a": 3, "b": [["HIGH"]], "c": "on main: 3"}


def test_value_of_a_placeholder_is_not_resolved_again() -> None:
    assert placeholders.resolve("{branch}", {"branch": "{tag}", "tag": "x"}) == "{tag}"


def test_placeholder_without_a_value_says_what_to_do() -> None:
    with pytest.raises(PlanningError, match=r"{environment\.name} has no value here\. Name an env"):
        placeholders.resolve("{environment.name}", {"environment.name": None})


def test_every_known_placeholder_has_a_value_in_an_environment() -> None:
    names = situation.names(situation.look_up(an_intent(), an_organisation()))

    assert set(names) == placeholders.KNOWN
    assert [name for name, value in names.items() if value is None] == []


@given(st.text().filter(lambda text: not set(text) & {"{", "}"}))
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    assert placeholders.resolve(text, {}) == text
    assert list(placeholders.unknown(text)) == []
