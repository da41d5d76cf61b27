"""Sentences about a plan that every explanation shares, for a terminal or for a page."""

import json
import shlex

from opsbot.planning import wording
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.words import Criterion


def approval_rule(plan: Plan) -> str:
    """Say who must agree and for how long their word holds."""
    if not plan.approval.required:
        return "No approval needed: the policy lets this run without asking."
    who = ", ".join(plan.approval.approvers) or "everyone whom Airflow lets answer"
    return (
        f"Approval by {who}. Unanswered, the request fails after "
        f"{_time(plan.approval.expires_after)}; an approval older than that is not used."
    )


def criterion(each: Criterion, plan: Plan) -> str:
    """Write a success criterion, with the number of pods where the plan knows it."""
    words = wording.CRITERION[each]
    if each is Criterion.ALL_PODS_READY:
        for step in plan.steps:
            if replicas := step.arguments.get("replicas"):
                return f"{words} ({replicas}/{replicas})"
    return words


def version(plan: Plan) -> str:
    """Return the tag of the version that a plan puts there; empty where it brings none."""
    image = plan.change.arguments.get("image") if plan.change else None
    if image:
        return str(image).rpartition(":")[2]
    return str(plan.intent.parameters.get("version", ""))


def where(application: str, version: str, environment: str | None) -> str:
    """Name an application with its version and environment: `my-application v1.0.0 in staging`."""
    named = f"{application} {version}" if version else application
    return f"{named} in {environment}" if environment else named


def needs(step: Step, plan: Plan) -> str:
    """Write what a step waits for by number: `None`, `Step 1`, `Steps 3, 4`."""
    numbers = [str(plan.step(id).number) for id in step.depends_on]
    match numbers:
        case []:
            return "None"
        case [number]:
            return f"Step {number}"
        case _:
            return f"Steps {', '.join(numbers)}"


def tool(step: Step) -> str:
    """Name the tool of a step; one of an MCP server with the server and with what it stands for."""
    if step.mcp is None:
        return step.tool
    seen = step.mcp.schema_sha256
    hashed = f"schema {seen[:16]}" if seen else "to be looked for when Airflow plans it"
    return f"{step.tool} at MCP server {step.mcp.connection}, for {step.capability} ({hashed})"


def gaps(plan: Plan) -> list[tuple[str, str]]:
    """Return what is missing, each with what closes the gap."""
    tools = [
        (
            f"Step {plan.step(each.step).number}: no tool {each.name} for {each.server.label}",
            "The plan cannot run until OPS Bot has this tool.",
        )
        for each in plan.missing_capabilities
    ]
    settings = [
        (f"Airflow's setting {each.name}: {each.why}", each.how_to_set)
        for each in plan.missing_settings
    ]
    connections = [
        (f"Airflow connection {each.id} ({each.kind})", each.how_to_add)
        for each in plan.missing_connections
    ]
    pinned = [
        (
            f"Step {plan.step(each.step).number}: the MCP tool {each.tool} of {each.connection}: "
            f"{each.why}",
            "Start the server, correct its connection, or take `mcp` out of the pattern's step.",
        )
        for each in plan.missing_mcp_tools
    ]
    return tools + settings + connections + pinned


def why_not_started(plan: Plan) -> str:
    """Say what keeps a plan from running, each remedy on a line of its own to copy."""
    lines = [line for what, remedy in gaps(plan) for line in (f"- {what}", remedy)]
    return "\n".join(("The plan has gaps and was not started. Missing:", *lines))


def trigger_command(plan: Plan) -> str:
    """Return the shell command that asks Airflow to plan and run the same words again."""
    conf = json.dumps({"command": plan.intent.command})
    return f"airflow dags trigger opsbot --conf {shlex.quote(conf)}"


def _time(seconds: int) -> str:
    """Write a limit in the largest unit that fits."""
    if seconds % 60 == 0:
        return "1 minute" if seconds == 60 else f"{seconds // 60} minutes"
    return f"{seconds} seconds"
