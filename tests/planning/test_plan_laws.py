"""Laws that hold for every plan, whatever was asked."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsbot.capabilities import catalog
from opsbot.planning import compliance, fingerprint, planner
from opsbot.planning.plan import (
    McpUse,
    MissingCapability,
    MissingConnection,
    MissingMcpTool,
    MissingSetting,
    Plan,
    Step,
)
from opsbot.understanding.answer import Intent
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.organisation import EnvironmentPolicy, Organisation, Policies
from opsbot.vocabulary.words import (
    ENVIRONMENT_ACTIONS,
    Action,
    Compliance,
    Guard,
    Risk,
    ServerKind,
    Urgency,
)
from tests.makers import (
    AT,
    a_plan,
    a_production_policy,
    an_intent,
    an_organisation,
    the_patterns,
)

APPLICATIONS = ("my-application", "payments-api", "web-frontend", "search-indexer")
ENVIRONMENTS = ("production", "staging", "development")


def plan(intent: Intent, organisation: Organisation | None = None, at: int = AT) -> Plan:
    return planner.make_plan(
        intent, catalog.native(), the_patterns(), organisation or an_organisation(), at=at
    )


def asked(action: Action, application: str, environment: str, **parameters: Any) -> Intent:
    named = environment if action in ENVIRONMENT_ACTIONS else None
    if action is Action.SCALE:
        parameters.setdefault("replicas", 3)
    return an_intent(
        action=action,
        application=application,
        environment=named,
        platform="kubernetes" if named else None,
        parameters=parameters,
        command=f"{action} {application}",
    )


@st.composite
def intents(draw: st.DrawFn) -> Intent:
    parameters: dict[str, Any] = {}
    if draw(st.booleans()):
        parameters["version"] = draw(
            st.from_regex(r"v?[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True)
        )
    if draw(st.booleans()):
        parameters["branch"] = draw(st.from_regex(r"[a-z]{1,8}(/[a-z0-9]{1,8})?", fullmatch=True))
    if draw(st.booleans()):
        parameters["replicas"] = draw(st.integers(1, 20))
    intent = asked(
        draw(st.sampled_from(Action)),
        draw(st.sampled_from(APPLICATIONS)),
        draw(st.sampled_from(ENVIRONMENTS)),
        **parameters,
    )
    return intent.model_copy(
        update={"urgency": draw(st.sampled_from(Urgency)), "command": draw(st.text(max_size=30))}
    )


@given(intents())
@settings(max_examples=60, deadline=None)
def test_same_input_makes_the_same_plan(intent: Intent) -> None:
    assert plan(intent) == plan(intent)


@given(intents(), st.integers(0, 2**33))
@settings(max_examples=40, deadline=None)
def test_another_moment_changes_the_id_alone(intent: Intent, later: int) -> None:
    now, then = plan(intent), plan(intent, at=later)

    assert then.fingerprint == now.fingerprint
    assert then.plan_id == now.plan_id.replace(str(AT), str(later))


@given(intents())
@settings(max_examples=60, deadline=None)
def test_steps_wait_only_for_steps_listed_before(intent: Intent) -> None:
    seen: set[str] = set()
    for step in plan(intent).steps:
        assert set(step.depends_on) <= seen
        seen.add(step.id)


@given(intents())
@settings(max_examples=60, deadline=None)
def test_json_keeps_the_whole_plan(intent: Intent) -> None:
    made = plan(intent)

    again = Plan.model_validate_json(made.model_dump_json())

    assert again == made
    assert fingerprint.verify(again)


@given(intents())
@settings(max_examples=60, deadline=None)
def test_no_change_of_production_happens_before_a_person_agreed(intent: Intent) -> None:
    made = plan(intent)
    approved = {each.id for each in made.steps if each.approval}
    for step in made.steps:
        if made.intent.environment == "production" and step.changes_cluster:
            assert step.approval or approved & compliance.ancestors(step.id, made.steps)
            assert Guard.APPROVAL in made.guards
            assert made.approval.required


@given(intents())
@settings(max_examples=60, deadline=None)
def test_approval_is_asked_exactly_where_the_policy_wants_it(intent: Intent) -> None:
    made = plan(intent)

    assert made.approval.required == any(each.approval for each in made.steps)
    assert made.approval.required == (Guard.APPROVAL in made.guards)


@given(intents())
@settings(max_examples=60, deadline=None)
def test_code_is_judged_before_it_is_packaged_or_deployed(intent: Intent) -> None:
    made = plan(intent)
    scans = {each.id for each in made.steps if each.server is ServerKind.SONARQUBE}
    changes = [
        each
        for each in made.steps
        if each.changes and each.server in (ServerKind.DOCKER, ServerKind.KUBERNETES)
    ]
    if scans and changes:
        assert Guard.GATE in made.guards
        assert all(scans <= compliance.ancestors(each.id, made.steps) for each in changes)


@given(intents(), st.sampled_from(Risk))
@settings(max_examples=60, deadline=None)
def test_no_step_is_riskier_than_its_environment_allows(intent: Intent, highest: Risk) -> None:
    others = an_organisation().policies.environments
    policies = Policies(
        environments={**others, "production": a_production_policy(highest_risk=highest)}
    )
    made = plan(intent, an_organisation(policies=policies))
    if made.intent.environment == "production":
        assert all(each.risk.rank <= highest.rank for each in made.steps)
    assert made.risk.rank == max(each.risk.rank for each in made.steps)


@given(st.sets(st.sampled_from(Compliance)), st.sampled_from((Action.DEPLOY, Action.PROMOTE)))
@settings(max_examples=40, deadline=None)
def test_every_demanded_word_is_proven_by_a_step_or_a_guard(
    words: set[Compliance], action: Action
) -> None:
    policies = Policies(
        environments={"production": a_production_policy(compliance=tuple(sorted(words)))}
    )
    made = plan(asked(action, "my-application", "production"), an_organisation(policies=policies))
    tools = {(each.server, each.name): each for each in catalog.native()}
    by_steps = {
        word
        for step in made.steps
        if (tool := tools.get((step.server, step.tool)))
        for word in tool.proves
    }
    by_guards = {
        word for word, guards in compliance.PROVEN_BY_GUARDS.items() if guards <= set(made.guards)
    }

    assert set(made.compliance) == words
    assert words <= by_steps | by_guards
    assert set(made.step("deploy").compliance) == words


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("application", APPLICATIONS)
@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_plan_everywhere(
    action: Action, application: str, environment: str
) -> None:
    made = plan(asked(action, application, environment))

    assert made.steps
    assert made.publishable == (not made.missing_capabilities)
    assert fingerprint.verify(made)


OTHER_STEP = Step(
    id="other",
    number=99,
    title="Other",
    capability="other",
    server=ServerKind.JENKINS,
    tool="other",
    connection="other",
    mcp=McpUse(connection="other"),
    risk=Risk.HIGH,
    duration=Span(min=1, max=2),
    depends_on=("other",),
    arguments={"other": True},
    compliance=(Compliance.APPROVAL_REQUIRED,),
    approval=True,
    changes=True,
    what_it_does="other",
    undo="other",
)
NEARLY_OTHER = {"server": ServerKind.DOCKER, "risk": Risk.LOW, "approval": False, "changes": False}
"""For fields in which a step may already be like the other one."""


@pytest.mark.parametrize("field", Step.model_fields)
@pytest.mark.parametrize("number", range(10))
def test_fingerprint_notices_a_change_of_any_field_of_a_step(number: int, field: str) -> None:
    made = a_plan()
    step = made.steps[number]
    value = getattr(OTHER_STEP, field)
    if getattr(step, field) == value:
        value = NEARLY_OTHER[field]
    changed = step.model_copy(update={field: value})
    steps = (*made.steps[:number], changed, *made.steps[number + 1 :])

    assert not fingerprint.verify(made.model_copy(update={"steps": steps}))


@pytest.mark.parametrize("field", sorted(set(Plan.model_fields) - {"plan_id", "fingerprint"}))
def test_fingerprint_notices_a_change_of_any_other_field(field: str) -> None:
    made = a_plan()
    other = a_plan(
        intent=asked(Action.STATUS, "payments-api", "development"),
        notify="#elsewhere",
        slack_connection="other_slack",
        backup_connection="other_backup",
        missing_connections=(MissingConnection(id="a", kind="b", how_to_add="c"),),
        missing_settings=(MissingSetting(name="a", why="b", how_to_set="c"),),
        missing_capabilities=(
            MissingCapability(step="deploy", server=ServerKind.DOCKER, name="sign_image"),
        ),
        missing_mcp_tools=(MissingMcpTool(step="a", connection="b", tool="c", why="d"),),
        parent_plan_id="plan_deploy_production_1",
        optimizations=("cached scans",),
    )
    value = getattr(other, field)

    assert value != getattr(made, field)
    assert not fingerprint.verify(made.model_copy(update={field: value}))


def test_fingerprint_does_not_cover_the_id() -> None:
    assert fingerprint.verify(a_plan().model_copy(update={"plan_id": "plan_deploy_production_1"}))


def test_changed_manifests_change_the_fingerprint() -> None:
    organisation = an_organisation()
    application = organisation.application("my-application")
    service = {**application.workload.manifests[1], "metadata": {"name": "other"}}
    workload = application.workload.model_copy(
        update={"manifests": (application.workload.manifests[0], service)}
    )
    other = application.model_copy(update={"workload": workload})
    edited = an_organisation(applications=(other, *organisation.applications[1:]))

    assert a_plan(organisation=edited).fingerprint != a_plan().fingerprint


def test_a_policy_that_says_nothing_has_the_mildest_rules() -> None:
    lenient = an_organisation(policies=Policies(environments={"production": EnvironmentPolicy()}))

    made = a_plan(organisation=lenient)

    assert made.pattern == "deployment"
    assert not made.approval.required
