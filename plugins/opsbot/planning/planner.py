"""From an intent to a plan.

The pattern says which steps, the catalog what their tools can do, the organisation what the names
stand for and which rules hold. Nothing else goes in, so the same command makes the same plan; the
moment `at` only ends up in the plan's id.
"""

from collections.abc import Iterable

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.catalog import Catalog
from opsbot.planning import (
    checks,
    compliance,
    consent,
    fingerprint,
    gaps,
    pins,
    pod_references,
    release_manifests,
    shape,
    strategy,
)
from opsbot.planning import steps as planned_steps
from opsbot.planning.pattern import Pattern
from opsbot.planning.placeholders import resolve
from opsbot.planning.plan import Approval, Plan, Step
from opsbot.planning.situation import Situation, look_up, names
from opsbot.understanding.answer import Intent
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import (
    CHANGING_ACTIONS,
    Action,
    Compliance,
    Guard,
    Priority,
    Risk,
    Urgency,
)


def make_plan(
    intent: Intent,
    catalog: Catalog,
    patterns: Iterable[Pattern],
    organisation: Organisation,
    *,
    at: int,
    airflow: gaps.Airflow | None = None,
) -> Plan:
    """Make the plan of an intent.

    `at` is the time in unix seconds. `airflow` is what the Airflow that would run the plan has;
    None if nobody asked it. No plan that keeps the policies: `PlanningError`.
    """
    intent = intent.model_copy(update={"command": redact(intent.command)})
    situation = look_up(intent, organisation)
    if intent.action in (Action.DEPLOY, Action.PROMOTE):
        release_manifests.require(situation.application.workload)
    pattern = choose(patterns, situation)
    steps = _with_compliance(pattern, situation, catalog, airflow.found if airflow else {})
    plan = _made(pattern, situation, steps, at).model_copy(
        update={"missing_capabilities": planned_steps.missing(pattern, catalog)}
    )
    plan = _with_gaps(plan, _beside(plan, situation), airflow)
    return plan.model_copy(update={"fingerprint": fingerprint.of(plan)})


def _made(pattern: Pattern, situation: Situation, steps: tuple[Step, ...], at: int) -> Plan:
    """Put a plan together; its gaps and its fingerprint come later."""
    intent = situation.intent
    return Plan(
        plan_id=f"plan_{intent.action}_{intent.environment or 'any'}_{at}",
        fingerprint="",
        pattern=pattern.name,
        intent=intent,
        title=resolve(pattern.title, names(situation)),
        priority=_priority(pattern, situation),
        risk=_overall(steps),
        duration=planned_steps.critical_path(steps),
        approval=_approval(situation),
        compliance=_demanded(situation),
        rollback_strategy=strategy.in_words(steps, pattern.guards),
        success_criteria=pattern.success_criteria,
        failure_handling=pattern.failure_handling.strip(),
        guards=_guards(pattern, situation),
        notify=situation.policy.slack_channel,
        slack_connection=situation.connections.slack,
        backup_connection=situation.connections.backup,
        steps=steps,
    )


def _beside(plan: Plan, situation: Situation) -> dict[str, str]:
    """Return the connections that guards need, with their kinds."""
    used = {}
    if Guard.NOTIFY in plan.guards:
        used[plan.slack_connection] = gaps.SLACK
    manifests = situation.application.workload.manifests
    if Guard.BACKUP in plan.guards and pod_references.secrets_of(manifests):
        used[plan.backup_connection] = gaps.FERNET
    return used


def _with_gaps(plan: Plan, beside: dict[str, str], airflow: gaps.Airflow | None) -> Plan:
    """Note what the Airflow that would run the plan lacks."""
    found = {
        "missing_connections": gaps.missing_connections(plan.steps, beside, airflow),
        "missing_settings": gaps.missing_settings(plan.guards, airflow),
        "missing_mcp_tools": gaps.missing_mcp_tools(plan.steps, airflow),
    }
    return plan.model_copy(update=found)


def choose(patterns: Iterable[Pattern], situation: Situation) -> Pattern:
    """Return the most special pattern that serves the situation."""
    action, environment = situation.intent.action, situation.intent.environment
    fitting = sorted(
        (p for p in patterns if p.serves.fits(action, environment, situation.approval_required)),
        key=lambda each: each.serves.narrowness,
        reverse=True,
    )
    if not fitting:
        raise PlanningError(
            f"No pattern serves {action.value!r} in {environment or 'any environment'}. "
            "Add one to the patterns folder."
        )
    best = [p for p in fitting if p.serves.narrowness == fitting[0].serves.narrowness]
    if len(best) > 1:
        raise PlanningError(
            f"Patterns {best[0].name!r} and {best[1].name!r} both serve {action.value!r} in "
            f"{environment or 'any environment'}. Narrow what one of them serves."
        )
    return best[0]


def _with_compliance(
    pattern: Pattern, situation: Situation, catalog: Catalog, found: pins.Found
) -> tuple[Step, ...]:
    """Make the steps, with the words they prove; a change of the cluster shows all words."""
    steps = planned_steps.build(pattern, situation, catalog, found)
    words, tools = _demanded(situation), _tools(pattern, catalog)
    judged = {id: tool.checks for id, tool in tools.items()}
    shape.require_one_change(pattern.name, situation.intent.action, steps, tools)
    checks.require(steps, judged)
    if situation.approval_required:
        consent.require(steps, tools)
    proofs = {
        step.id: tools[step.id].proves
        for step in steps
        if step.id in tools and not checks.switched_off(step, judged)
    }
    guards = _guards(pattern, situation)
    compliance.require_proof(words, proofs, steps, guards)
    shape.require_guards(pattern.name, steps, guards)
    return tuple(_labelled(step, words, proofs.get(step.id, ())) for step in steps)


def _tools(pattern: Pattern, catalog: Catalog) -> dict[str, Capability]:
    """Return the tool of each step that has one."""
    found = {step.id: catalog.find(step.server, step.tool) for step in pattern.steps}
    return {id: tool for id, tool in found.items() if tool is not None}


def _labelled(step: Step, words: tuple[Compliance, ...], proves: tuple[Compliance, ...]) -> Step:
    """Write the compliance words onto a step."""
    own = words if step.changes_cluster else tuple(w for w in words if w in proves)
    return step.model_copy(update={"compliance": own})


def _demanded(situation: Situation) -> tuple[Compliance, ...]:
    """Return the words that the policy demands for this action."""
    return compliance.demanded(situation.intent.action, situation.policy.compliance)


def _guards(pattern: Pattern, situation: Situation) -> tuple[Guard, ...]:
    """Return the pattern's guards; approval and validation stand where the policy wants them."""
    return _with_validation(_with_approval(pattern, situation), situation)


def _with_validation(guards: tuple[Guard, ...], situation: Situation) -> tuple[Guard, ...]:
    """Add the question after the change, where the policy asks it."""
    changes = situation.intent.action in CHANGING_ACTIONS
    if Guard.VALIDATION in guards or not (changes and situation.policy.validate_after):
        return guards
    at = guards.index(Guard.BACKUP) + 1 if Guard.BACKUP in guards else 0
    return (*guards[:at], Guard.VALIDATION, *guards[at:])


def _with_approval(pattern: Pattern, situation: Situation) -> tuple[Guard, ...]:
    """Let approval stand exactly where the policy wants it."""
    if not situation.approval_required:
        return tuple(each for each in pattern.guards if each is not Guard.APPROVAL)
    if Guard.APPROVAL not in pattern.guards:
        action = situation.intent.action.value
        raise PlanningError(
            f"The policy of {situation.intent.environment} asks approval for {action!r}, "
            f"but pattern {pattern.name!r} has no guard 'approval'. Add it to the pattern."
        )
    return pattern.guards


def _approval(situation: Situation) -> Approval:
    """Return who must agree, as the policy says."""
    if not situation.approval_required:
        return Approval(required=False)
    policy = situation.policy.approval
    return Approval(
        required=True,
        approvers=policy.approvers,
        expires_after=policy.expires_after,
        four_eyes=policy.four_eyes,
    )


def _priority(pattern: Pattern, situation: Situation) -> Priority:
    """Put changes that need a person, and haste, first; leisure last."""
    if situation.approval_required or situation.intent.urgency is Urgency.HIGH:
        return Priority.HIGH
    if pattern.priority is Priority.NORMAL and situation.intent.urgency is Urgency.LOW:
        return Priority.LOW
    return pattern.priority


def _overall(steps: tuple[Step, ...]) -> Risk:
    """Return the risk of the plan: that of its most harmful step."""
    return max((each.risk for each in steps), key=lambda each: each.rank)
