"""A check cannot be switched off where a plan changes a cluster; a question needs no check."""

from typing import Any

import pytest

from opsbot.capabilities import catalog
from opsbot.planning import planner
from opsbot.planning.pattern import Pattern
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import EnvironmentPolicy, Policies
from opsbot.vocabulary.words import Action, Compliance
from tests.makers import AT, a_production_policy, an_intent, an_organisation, the_patterns

CHANGING = (
    ("production_deployment", Action.DEPLOY, {}),
    ("promote", Action.PROMOTE, {}),
    ("rollback", Action.ROLLBACK, {}),
    ("restart", Action.RESTART, {}),
    ("scale", Action.SCALE, {"replicas": 3}),
)
CHECKS = (
    ("verify_pods", "must_be_ready", "get_pods"),
    ("check_health", "check_errors", "get_pod_logs"),
    ("monitor", "verify_endpoints", "get_service"),
)


def shipped(name: str) -> Pattern:
    return next(each for each in the_patterns() if each.name == name)


def without_check(pattern: Pattern, step: str, argument: str) -> Pattern:
    """Switch a check off, and leave out what makes sense only beside it."""
    steps = tuple(
        each.model_copy(
            update={
                "arguments": {
                    key: value for key, value in each.arguments.items() if key != "observe_seconds"
                }
                | {argument: False}
            }
        )
        if each.id == step
        else each
        for each in pattern.steps
    )
    return pattern.model_copy(update={"steps": steps})


def plan_of(pattern: Pattern, policy: EnvironmentPolicy | None = None, **intent: Any) -> Plan:
    policies = Policies(environments={"production": policy or a_production_policy()})
    return planner.make_plan(
        an_intent(**intent),
        catalog.native(),
        (pattern,),
        an_organisation(policies=policies),
        at=AT,
    )


@pytest.mark.parametrize(("step", "argument", "tool"), CHECKS)
@pytest.mark.parametrize(("pattern", "action", "parameters"), CHANGING)
def test_no_pattern_that_changes_a_cluster_can_switch_a_check_off(
    pattern: str, action: Action, parameters: dict[str, Any], step: str, argument: str, tool: str
) -> None:
    changed = without_check(shipped(pattern), step, argument)

    with pytest.raises(PlanningError) as refused:
        plan_of(changed, action=action, parameters=parameters)

    assert f"Step '{step}' switches off '{argument}' of {tool}" in str(refused.value)
    assert "Set it to true in the pattern" in str(refused.value)


@pytest.mark.parametrize(("step", "argument", "tool"), CHECKS)
def test_the_law_holds_where_the_policy_demands_nothing(
    step: str, argument: str, tool: str
) -> None:
    changed = without_check(shipped("deployment"), step, argument)

    with pytest.raises(PlanningError, match=argument):
        plan_of(changed, policy=EnvironmentPolicy())


@pytest.mark.parametrize(("pattern", "action", "parameters"), CHANGING)
def test_every_shipped_change_is_checked_by_pods_logs_and_service(
    pattern: str, action: Action, parameters: dict[str, Any]
) -> None:
    plan = plan_of(shipped(pattern), action=action, parameters=parameters)

    on = {each.id: each.arguments[argument] for each, argument in _checked(plan)}
    assert on == {"verify_pods": True, "check_health": True, "monitor": True}


@pytest.mark.parametrize("action", [Action.STATUS, Action.DIAGNOSE])
def test_a_question_is_answered_without_a_check(action: Action) -> None:
    plan = plan_of(shipped(action.value), action=action)

    assert not plan.approval.required
    assert [each.id for each in plan.steps if each.changes or each.depends_on] == []
    assert not any(each.arguments[argument] for each, argument in _checked(plan))


def test_a_service_that_is_only_looked_at_proves_no_monitoring() -> None:
    looked_at = without_check(shipped("status"), "monitor", "verify_endpoints")
    pattern = looked_at.model_copy(
        update={"serves": shipped("restart").serves, "guards": shipped("restart").guards}
    )

    with pytest.raises(PlanningError, match="'monitoring_enabled', but no step after the change"):
        plan_of(
            pattern,
            policy=EnvironmentPolicy(compliance=(Compliance.MONITORING_ENABLED,)),
            action=Action.RESTART,
        )


def test_a_check_watches_for_as_long_as_the_policy_says() -> None:
    plan = plan_of(shipped("production_deployment"), policy=a_production_policy(observe_seconds=42))

    assert plan.step("monitor").arguments["observe_seconds"] == 42


def _checked(plan: Plan) -> list[tuple[Any, str]]:
    checks = {tool: argument for _, argument, tool in CHECKS}
    return [(each, checks[each.tool]) for each in plan.steps if each.tool in checks]
