"""Where the policy asks a person, no step of high risk runs before they are asked."""

from typing import Any

import pytest

from opsbot.planning.pattern import Pattern, PatternStep
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import EnvironmentPolicy
from opsbot.vocabulary.words import Action, Risk, ServerKind
from tests.makers import a_production_policy
from tests.planning.test_checks import plan_of, shipped

ANSWER = {"job_name": "release", "build_number": 7, "input_id": "Go", "answer": "proceed"}


def with_answer(*depends_on: str, first: bool = False) -> Pattern:
    """Add a step that lets a waiting pipeline go on."""
    pattern = shipped("restart")
    step = PatternStep(
        id="go_on",
        title="Let the release pipeline go on",
        server=ServerKind.JENKINS,
        tool="answer_build_input",
        depends_on=depends_on,
        arguments=ANSWER,
    )
    steps = (step, *pattern.steps) if first else (*pattern.steps, step)
    return pattern.model_copy(update={"steps": steps})


def plan(pattern: Pattern, **more: Any) -> Any:
    return plan_of(pattern, action=Action.RESTART, **more)


@pytest.mark.parametrize("pattern", [with_answer(first=True), with_answer()])
def test_a_harmful_step_that_nobody_is_asked_about_makes_no_plan(pattern: Pattern) -> None:
    with pytest.raises(PlanningError, match=r"'go_on' .* before anybody is asked"):
        plan(pattern)


def test_a_harmful_step_after_the_approved_change_is_planned() -> None:
    change = next(each.id for each in shipped("restart").steps if each.tool == "restart_deployment")

    assert plan(with_answer(change)).step("go_on").risk == "high"


def test_a_risk_that_a_policy_plays_down_is_still_asked_about() -> None:
    mild = a_production_policy(highest_risk=Risk.MEDIUM)

    with pytest.raises(PlanningError, match="'go_on'"):
        plan(with_answer(first=True), policy=mild)


def test_where_nobody_must_be_asked_the_step_stands_anywhere() -> None:
    made = plan(with_answer(first=True), policy=EnvironmentPolicy())

    assert made.steps[0].id == "go_on"
