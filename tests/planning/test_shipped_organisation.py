"""The organisation that is shipped, planned through and through."""

from functools import cache
from pathlib import Path

import pytest

from opsbot.capabilities import catalog
from opsbot.configuration.organisation_files import read_organisation
from opsbot.configuration.patterns import read_patterns
from opsbot.planning import explain, fingerprint, planner
from opsbot.planning.pattern import Pattern
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.words import ENVIRONMENT_ACTIONS, Action
from tests.makers import AT, an_intent

INCLUDE = Path(__file__).parent.parent.parent / "include"


@cache
def shipped() -> tuple[Organisation, tuple[Pattern, ...]]:
    organisation = read_organisation(INCLUDE)
    return organisation, read_patterns(INCLUDE, organisation)


@pytest.mark.parametrize("environment", ["production", "staging", "development"])
@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_plan_for_every_application(action: Action, environment: str) -> None:
    organisation, patterns = shipped()
    named = environment if action in ENVIRONMENT_ACTIONS else None
    parameters = {"replicas": 3} if action is Action.SCALE else {}
    for application in organisation.applications:
        intent = an_intent(
            action=action,
            application=application.name,
            environment=named,
            parameters=parameters,
        )

        plan = planner.make_plan(intent, catalog.native(), patterns, organisation, at=AT)

        assert plan.publishable
        assert fingerprint.verify(plan)
        assert explain.text(plan).count("   Tool: ") == len(plan.steps)


def test_deployment_to_production_proves_all_that_its_policy_demands() -> None:
    organisation, patterns = shipped()

    plan = planner.make_plan(an_intent(), catalog.native(), patterns, organisation, at=AT)

    assert plan.compliance == organisation.policies.of("production").compliance
    assert plan.step("deploy").approval
    assert [each.id for each in plan.steps if each.approval] == ["deploy"]
