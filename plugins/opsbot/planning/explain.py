"""A plan as a person reads it before saying yes.

It walks the very steps that will run, so what is read is what runs. What is missing is said as
plainly as what is there.
"""

from collections.abc import Iterator

from opsbot.planning import markdown_page, phrases, wording
from opsbot.planning.plan import Plan, Step

RULE = "=" * wording.WIDTH


def text(plan: Plan, *, advice: bool = True) -> str:
    """Write the whole plan for a terminal of 80 columns; with advice on how to run it."""
    lines = [
        *_header(plan),
        *_approval(plan),
        *_missing(plan),
        *_promises(plan),
        *_title("EXECUTION STEPS"),
        *_steps(plan),
        *(_how_to_run(plan) if advice else (RULE,)),
    ]
    return "\n".join(lines) + "\n"


def markdown(plan: Plan) -> str:
    """Write the whole plan as Markdown."""
    return markdown_page.write(plan)


def _header(plan: Plan) -> Iterator[str]:
    """Write the plan's name and the facts that a reader looks for first."""
    yield from _title(f"📋 INTELLIGENT TASK PLAN: {wording.visible(plan.plan_id)}")
    yield ""
    yield from wording.wrapped(plan.title, "        ", "  Task: ")
    yield f"  Application: {wording.visible(plan.intent.application)}"
    yield from wording.wrapped(plan.intent.command, "           ", "  Command: ")
    yield f"⚡ Priority: {plan.priority}"
    yield f"⚠   Overall Risk: {plan.risk.upper()}"
    yield f"    Estimated Duration: {wording.minutes(plan.duration)}"
    yield f"📊 Total Steps: {len(plan.steps)}"
    yield f"  Pattern: {plan.pattern}"
    yield f"  Fingerprint: {plan.fingerprint}"
    if plan.parent_plan_id:
        yield f"    Follows: {wording.visible(plan.parent_plan_id)}"
    yield ""


def _approval(plan: Plan) -> Iterator[str]:
    """Write whether a person must agree, and the rule for it."""
    if plan.approval.required:
        where = plan.intent.environment or "no"
        yield (
            f"⚠   APPROVAL REQUIRED - {plan.risk.capitalize()}-risk operation in "
            f"{wording.visible(where)} environment"
        )
    yield from wording.wrapped(phrases.approval_rule(plan), "    ")
    yield ""


def _missing(plan: Plan) -> Iterator[str]:
    """Write what keeps the plan from running."""
    if plan.publishable:
        return
    yield "🧩 What is missing (the plan is shown, it cannot run):"
    for what, remedy in phrases.gaps(plan):
        yield from wording.wrapped(what, "    ", "  • ")
        yield f"    {wording.visible(remedy)}"
    yield ""


def _promises(plan: Plan) -> Iterator[str]:
    """Write the rules that hold, the way back, and what counts as success."""
    if plan.compliance:
        yield "📜 Compliance Requirements:"
        yield from (f"  • {each}" for each in plan.compliance)
        yield ""
    if plan.optimizations:
        yield "⚡ Optimizations:"
        for each in plan.optimizations:
            yield from wording.wrapped(each, "    ", "  ✓ ")
        yield ""
    yield "🔄 Rollback Strategy:"
    yield from wording.wrapped(plan.rollback_strategy, "  ")
    yield ""
    yield "✅ Success Criteria:"
    yield from (f"  • {phrases.criterion(each, plan)}" for each in plan.success_criteria)
    yield ""
    yield "🚨 Failure Handling:"
    yield from wording.wrapped(plan.failure_handling, "  ")
    yield ""
    yield "🛡  Guards beside the steps:"
    yield from wording.wrapped(", ".join(plan.guards), "  ")
    yield ""


def _steps(plan: Plan) -> Iterator[str]:
    """Write every step in the order of its number, a line between two."""
    for step in plan.steps:
        if step.number > 1:
            yield from ("", "---")
        yield ""
        yield from _step(step, plan)
    yield ""


def _step(step: Step, plan: Plan) -> Iterator[str]:
    """Write one step: where it runs, what it waits for, what it is given, what it does."""
    yield from wording.wrapped(step.title, "    ", f"  Step {step.number}: ")
    yield f"   Server: {step.server.label}"
    yield from wording.wrapped(phrases.tool(step), "         ", "   Tool: ")
    yield f"   Risk: {step.risk.upper()} {wording.RISK_MARK[step.risk]}"
    yield f"   Duration: {wording.minutes(step.duration)}"
    yield f"   Dependencies: {phrases.needs(step, plan)}"
    if step.approval:
        yield "   ⚠   Approval required before this step"
    if step.compliance:
        words = ", ".join(step.compliance)
        yield from wording.wrapped(words, " " * 15, "   Compliance: ")
    yield "   Arguments:" if step.arguments else "   Arguments: None"
    for name, argument in step.arguments.items():
        line = f"{name}: {wording.value(argument)}"
        yield from wording.wrapped(line, "       ", "     • ")
    yield ""
    yield from wording.wrapped(step.what_it_does, "   ", "   What this does: ")
    yield from wording.wrapped(step.undo, "   ", "   Undo: ")


def _how_to_run(plan: Plan) -> Iterator[str]:
    """Write how the plan is started, or that it cannot be."""
    yield RULE
    if not plan.publishable:
        yield "This plan cannot run yet. Close the gaps under 'What is missing' and plan again."
        return
    yield "💡 To run it, trigger the DAG opsbot in Airflow with this command:"
    yield f"   {phrases.trigger_command(plan)}"
    if plan.approval.required:
        yield "   Airflow then asks for approval before the environment is changed."


def _title(words: str) -> tuple[str, str, str]:
    """Write a heading between two rules."""
    return (RULE, words, RULE)
