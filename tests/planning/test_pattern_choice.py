"""Which pattern serves, and what keeps a pattern from making a plan."""

from typing import Any

import pytest

from opsbot.capabilities import catalog
from opsbot.capabilities.catalog import Catalog
from opsbot.planning import phrases, planner
from opsbot.planning.gaps import Airflow
from opsbot.planning.pattern import Pattern, Serves
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import ApprovalPolicy, EnvironmentPolicy, Policies
from opsbot.vocabulary.words import Action, Compliance, Guard
from tests.makers import AT, a_production_policy, an_intent, an_organisation, the_patterns


def shipped(pattern: str, **changes: Any) -> Pattern:
    found = next(each for each in the_patterns() if each.name == pattern)
    return found.model_copy(update=changes)


def without_steps(pattern: Pattern, *ids: str) -> Pattern:
    steps = tuple(
        each.model_copy(update={"depends_on": tuple(id for id in each.depends_on if id not in ids)})
        for each in pattern.steps
        if each.id not in ids
    )
    return pattern.model_copy(update={"steps": steps})


def plan_with(*patterns: Pattern, policy: EnvironmentPolicy | None = None, **intent: Any) -> Plan:
    policies = Policies(environments={"production": policy or a_production_policy()})
    organisation = an_organisation(policies=policies)
    return planner.make_plan(an_intent(**intent), catalog.native(), patterns, organisation, at=AT)


def test_pattern_for_a_named_environment_wins_over_a_general_one() -> None:
    special = shipped(
        "production_deployment",
        name="for_production",
        serves=Serves(actions=(Action.DEPLOY,), environments=("production",)),
    )

    assert plan_with(*the_patterns(), special).pattern == "for_production"


def test_two_patterns_for_one_situation_are_an_error_that_names_both() -> None:
    twin = shipped("production_deployment", name="twin")

    with pytest.raises(PlanningError, match="'production_deployment' and 'twin' both serve"):
        plan_with(*the_patterns(), twin)


def test_situation_without_a_pattern_is_an_error() -> None:
    with pytest.raises(PlanningError, match="No pattern serves 'deploy' in production"):
        plan_with(shipped("status"))


def test_pattern_cannot_waive_the_approval_that_the_policy_wants() -> None:
    pattern = shipped("production_deployment")
    guards = tuple(each for each in pattern.guards if each is not Guard.APPROVAL)

    with pytest.raises(PlanningError, match="no guard 'approval'"):
        plan_with(pattern.model_copy(update={"guards": guards}))


@pytest.mark.parametrize(
    ("step", "word"),
    [
        ("quality_scan", "quality_gate_passed"),
        ("security_scan", "security_scan_passed"),
        ("monitor", "monitoring_enabled"),
    ],
)
def test_word_that_no_step_proves_stops_the_plan(step: str, word: str) -> None:
    with pytest.raises(PlanningError, match=f"demands '{word}'.*Add to the pattern"):
        plan_with(without_steps(shipped("production_deployment"), step))


@pytest.mark.parametrize(
    ("guard", "word"),
    [
        (Guard.BACKUP, "backup_verified"),
        (Guard.ROLLBACK, "rollback_plan_ready"),
        (Guard.VERIFY_ROLLBACK, "rollback_plan_ready"),
    ],
)
def test_word_that_no_guard_proves_stops_the_plan(guard: Guard, word: str) -> None:
    pattern = shipped("production_deployment")
    guards = tuple(each for each in pattern.guards if each is not guard)

    with pytest.raises(PlanningError, match=f"demands '{word}'.*lacks the guard {guard}"):
        plan_with(pattern.model_copy(update={"guards": guards}))


def test_scan_after_the_deployment_proves_nothing() -> None:
    pattern = without_steps(shipped("production_deployment"), "security_scan")
    scan = next(each for each in shipped("scan").steps if each.id == "security_scan")
    late = scan.model_copy(update={"depends_on": ("deploy",)})

    with pytest.raises(PlanningError, match="no step before the change proves it"):
        plan_with(pattern.model_copy(update={"steps": (*pattern.steps, late)}))


def test_approval_that_policy_demands_but_does_not_ask_for_stops_the_plan() -> None:
    policy = EnvironmentPolicy(compliance=(Compliance.APPROVAL_REQUIRED,))

    with pytest.raises(PlanningError, match="demands 'approval_required'"):
        plan_with(*the_patterns(), policy=policy)


def test_approval_for_what_only_reads_is_a_mistake_in_the_policy() -> None:
    policy = EnvironmentPolicy(approval=ApprovalPolicy(actions=(Action.STATUS,)))

    with pytest.raises(PlanningError, match=r"Take it out of the policy's approval\.actions"):
        plan_with(*the_patterns(), policy=policy, action=Action.STATUS)


def test_argument_that_its_tool_does_not_take_names_step_argument_and_remedy() -> None:
    pattern = shipped("production_deployment")
    first = pattern.steps[0].model_copy(update={"arguments": {"job_nam": "x", "branch": "main"}})
    steps = (first, *pattern.steps[1:])

    with pytest.raises(PlanningError, match=r"Step 'build': argument 'job_name?' of trigger_build"):
        plan_with(pattern.model_copy(update={"steps": steps}))


def test_tool_that_is_not_in_the_catalog_is_a_gap_and_not_a_promise() -> None:
    tools = Catalog((t.server, t.name) for t in catalog.native() if t.name != "verify_image")

    made = planner.make_plan(an_intent(), tools, the_patterns(), an_organisation(), at=AT)

    assert [each.name for each in made.missing_capabilities] == ["verify_image"]
    assert "no tool verify_image" in made.step("verify_image").what_it_does
    assert not made.publishable


def gaps_in(airflow: Airflow | None, **changes: Any) -> Plan:
    return planner.make_plan(
        an_intent(**changes),
        catalog.native(),
        the_patterns(),
        an_organisation(),
        at=AT,
        airflow=airflow,
    )


def test_connections_are_gaps_only_if_airflow_was_asked() -> None:
    two = Airflow(connections=frozenset({"opsbot_jenkins", "opsbot_docker"}), fernet_key=True)

    assert gaps_in(None).missing_connections == ()
    assert [each.id for each in gaps_in(two).missing_connections] == [
        "opsbot_sonarqube",
        "opsbot_kubernetes",
        "opsbot_slack",
    ]


def test_missing_connection_says_how_to_add_it() -> None:
    made = gaps_in(Airflow(connections=frozenset(), fernet_key=True))

    types = {"slack": "slackwebhook"}
    assert {each.kind for each in made.missing_connections} == {
        "jenkins",
        "sonarqube",
        "docker",
        "kubernetes",
        "slack",
    }
    for each in made.missing_connections:
        assert each.how_to_add.startswith(
            f"airflow connections add {each.id} --conn-type {types.get(each.kind, each.kind)}"
        )


def test_slack_is_needed_only_where_somebody_is_told() -> None:
    airflow = Airflow(connections=frozenset(), fernet_key=True)

    status = gaps_in(airflow, action=Action.STATUS, environment="production")

    assert Guard.NOTIFY not in status.guards
    assert [each.id for each in status.missing_connections] == ["opsbot_kubernetes"]


def test_a_plan_that_needs_a_seal_is_not_started_without_a_key() -> None:
    everything = frozenset(
        f"opsbot_{each}" for each in ("jenkins", "sonarqube", "docker", "kubernetes", "slack")
    )
    keyless = Airflow(connections=everything, fernet_key=False)

    deploy = gaps_in(keyless)

    assert [each.name for each in deploy.missing_settings] == ["[core] fernet_key"]
    assert not deploy.publishable
    assert gaps_in(keyless.model_copy(update={"fernet_key": True})).publishable
    assert gaps_in(keyless, action=Action.STATUS).publishable


def test_each_remedy_of_a_gap_is_a_line_of_its_own() -> None:
    made = gaps_in(Airflow(connections=frozenset(), fernet_key=False))

    lines = phrases.why_not_started(made).splitlines()

    commands = [each.how_to_add for each in made.missing_connections]
    assert len(commands) == 5
    assert [line for line in lines if line.startswith("airflow ")] == commands
    assert [line for line in lines if "fernet_key" in line and line.startswith("- ")]


def test_both_deployment_patterns_have_the_same_steps() -> None:
    assert shipped("production_deployment").steps == shipped("deployment").steps
