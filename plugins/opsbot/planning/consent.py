"""Where a person must agree, nothing harmful stands before their word.

The approval stands right before the change of the cluster, when build, scans and image are known.
A step that is harmful by itself, such as answering what a Jenkins pipeline waits for, would run
unasked if its pattern listed it earlier, or in a plan that changes no cluster at all.
"""

from collections.abc import Mapping

from opsbot.capabilities.capability import Capability
from opsbot.planning.compliance import ancestors
from opsbot.planning.plan import Step
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.words import Risk


def require(steps: tuple[Step, ...], tools: Mapping[str, Capability]) -> None:
    """Raise a `PlanningError` for the first step of high risk that nobody would be asked about.

    `tools` are the tools by step id; a plan whose tool is missing does not run at all. The tool's
    own risk counts, not what the policy of an environment takes it for.
    """
    changes = {each.id for each in steps if each.changes_cluster}
    for step in steps:
        asked = step.id in changes or changes & ancestors(step.id, steps)
        if not asked and step.changes and _risk(step, tools) is Risk.HIGH:
            raise PlanningError(
                f"Step {step.id!r} ({step.capability}) is of high risk and would run before "
                "anybody is asked: the approval stands right before the change of the cluster. Let "
                "the step depend on that change in the pattern, or take it out."
            )


def _risk(step: Step, tools: Mapping[str, Capability]) -> Risk | None:
    return tools[step.id].risk if step.id in tools else None
