"""A plan as Markdown, for Airflow's pages: the DAG's documentation, the approval.

Values stand in code spans and escaped text, so that a title cannot become a link or a heading.
"""

import re
from collections.abc import Iterator

from opsbot.planning import phrases, wording
from opsbot.planning.plan import Plan, Step

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&])")


def write(plan: Plan) -> str:
    """Write the whole plan."""
    return "\n".join([*_facts(plan), *_gaps(plan), *_promises(plan), *_steps(plan)]) + "\n"


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", wording.visible(text))


def code(text: str) -> str:
    """Return text as a code span, also inside a table."""
    return f"`{wording.visible(text).replace('`', chr(0x2CB)).replace('|', chr(0xFF5C))}`"


def _facts(plan: Plan) -> Iterator[str]:
    """Write the title and the facts that a reader looks for first."""
    yield f"# {escaped(plan.title)}"
    yield ""
    yield f"- Plan: {code(plan.plan_id)}, pattern {code(plan.pattern)}"
    yield f"- Application: {code(plan.intent.application)}"
    yield f"- Command: {code(plan.intent.command)}"
    yield f"- Priority: {plan.priority}"
    yield f"- Overall risk: {plan.risk.upper()} {wording.RISK_MARK[plan.risk]}"
    yield f"- Estimated duration: {wording.minutes(plan.duration)}, {len(plan.steps)} steps"
    yield f"- {escaped(phrases.approval_rule(plan))}"
    yield f"- Fingerprint: {code(plan.fingerprint)}"
    yield ""


def _gaps(plan: Plan) -> Iterator[str]:
    """Write what keeps the plan from running."""
    if plan.publishable:
        return
    yield "## What is missing"
    yield ""
    for what, remedy in phrases.gaps(plan):
        yield f"- {escaped(what)}: {code(remedy)}"
    yield ""


def _promises(plan: Plan) -> Iterator[str]:
    """Write the rules that hold, the way back, and what counts as success."""
    if plan.compliance:
        yield from ("## Compliance", "")
        yield from (f"- {code(each)}" for each in plan.compliance)
        yield ""
    if plan.optimizations:
        yield from ("## Optimizations", "")
        yield from (f"- {escaped(each)}" for each in plan.optimizations)
        yield ""
    yield from ("## Rollback strategy", "", escaped(plan.rollback_strategy), "")
    yield from ("## Success criteria", "")
    yield from (f"- {escaped(phrases.criterion(each, plan))}" for each in plan.success_criteria)
    yield from ("", "## Failure handling", "", escaped(plan.failure_handling), "")


def _steps(plan: Plan) -> Iterator[str]:
    """Write a table of all steps, then each step's details."""
    yield from ("## Steps", "", "| Step | Server | Tool | Risk | Duration | After |")
    yield "|---|---|---|---|---|---|"
    for step in plan.steps:
        yield (
            f"| {step.number}. {escaped(step.title)} | {step.server.label} "
            f"| {code(phrases.tool(step))} | {step.risk.upper()} {wording.RISK_MARK[step.risk]} "
            f"| {escaped(wording.minutes(step.duration))} | {phrases.needs(step, plan)} |"
        )
    for step in plan.steps:
        yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    """Write one step's details."""
    yield from ("", f"### Step {step.number}: {escaped(step.title)}", "")
    yield f"{escaped(step.what_it_does)}."
    yield ""
    if step.approval:
        yield "- **Approval required before this step**"
    yield from (
        f"- {code(name)}: {code(wording.value(argument))}"
        for name, argument in step.arguments.items()
    )
    if step.compliance:
        yield f"- Compliance: {', '.join(code(each) for each in step.compliance)}"
    yield f"- Undo: {escaped(step.undo)}"
