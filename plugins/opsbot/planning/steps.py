"""From a pattern's steps to a plan's: tools looked up, arguments filled in and checked.

A tool that the catalog lacks still gets its step, so that people see the whole plan; it is then
treated as the most harmful thing the policy knows, because nothing is known about it.
"""

from typing import Any

from pydantic import ValidationError

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.catalog import Catalog
from opsbot.planning import pins, placeholders
from opsbot.planning.pattern import Pattern, PatternStep
from opsbot.planning.plan import MissingCapability, Step
from opsbot.planning.situation import Situation, names
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


def build(
    pattern: Pattern, situation: Situation, catalog: Catalog, found: pins.Found
) -> tuple[Step, ...]:
    """Make a plan's numbered steps, without compliance words."""
    values = names(situation)
    return tuple(
        _step(
            number,
            step,
            catalog.find(step.server, step.tool),
            situation,
            values=values,
            found=found,
        )
        for number, step in enumerate(pattern.steps, start=1)
    )


def missing(pattern: Pattern, catalog: Catalog) -> tuple[MissingCapability, ...]:
    """Return the tools that a pattern asks for and the catalog does not have."""
    return tuple(
        MissingCapability(step=step.id, server=step.server, name=step.tool)
        for step in pattern.steps
        if catalog.find(step.server, step.tool) is None
    )


def critical_path(steps: tuple[Step, ...]) -> Span:
    """Return how long all steps take together when those that can run side by side do."""
    ends: dict[str, Span] = {}
    for step in steps:
        before = [ends[id] for id in step.depends_on]
        ends[step.id] = step.duration + Span(
            min=max((each.min for each in before), default=0),
            max=max((each.max for each in before), default=0),
        )
    return Span(
        min=max(each.min for each in ends.values()), max=max(each.max for each in ends.values())
    )


def _step(
    number: int,
    step: PatternStep,
    capability: Capability | None,
    situation: Situation,
    *,
    values: dict[str, Any],
    found: pins.Found,
) -> Step:
    """Make one step from its tool, or from the gap where the tool should be."""
    arguments = placeholders.resolve(step.arguments, values)
    if capability is not None:
        arguments = _checked(step, capability, arguments)
    changes = capability is None or capability.changes
    on_cluster = step.server is ServerKind.KUBERNETES
    return Step(
        id=step.id,
        number=number,
        title=step.title,
        capability=step.tool,
        server=step.server,
        tool=step.mcp.tool if step.mcp else step.tool,
        connection=situation.connections.model_dump()[step.server],
        mcp=pins.use(step, capability, arguments, situation, found),
        risk=_capped(capability, situation),
        duration=capability.duration if capability else Span(min=0, max=0),
        depends_on=step.depends_on,
        arguments=arguments,
        approval=situation.approval_required and changes and on_cluster,
        changes=changes,
        what_it_does=capability.what_it_does if capability else _gap_in_words(step),
        undo=capability.undo if capability else "unknown: the tool is missing",
    )


def _checked(step: PatternStep, capability: Capability, arguments: Any) -> dict[str, Any]:
    """Check arguments by the tool's own parameters and fill in its defaults."""
    try:
        return capability.params.model_validate(arguments).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        argument = ".".join(str(each) for each in first["loc"])
        raise PlanningError(
            f"Step {step.id!r}: argument {argument!r} of {step.tool} does not fit: "
            f"{first['msg']}. Correct it in the pattern, or the value it comes from."
        ) from None


def _capped(capability: Capability | None, situation: Situation) -> Risk:
    """Return the tool's risk, but no more than the environment can suffer."""
    risk = capability.risk if capability else Risk.HIGH
    return min(risk, situation.policy.highest_risk, key=lambda each: each.rank)


def _gap_in_words(step: PatternStep) -> str:
    """Say that a step cannot run, and why."""
    return f"Cannot run: OPS Bot has no tool {step.tool} for {step.server.label}"
