"""What a pattern may be made of: one change of a cluster at most, and the guards that go with it.

All that makes a change safe (preview, approval, backup, the way back) is about one release and the
one step that changes it. A second change would have none of it; a change in a plan that was asked
to look would have nobody's word; guards without a change would guard nothing.
"""

from collections.abc import Iterable, Mapping

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.kubernetes.change import Change
from opsbot.planning.plan import Step
from opsbot.vocabulary.errors import PlanningError
from opsbot.vocabulary.words import CHANGING_ACTIONS, Action, Guard

ABOUT_A_CHANGE = frozenset(
    {Guard.PREVIEW, Guard.APPROVAL, Guard.BACKUP, Guard.ROLLBACK, Guard.VERIFY_ROLLBACK}
)
WAY_BACK = frozenset({Guard.ROLLBACK, Guard.VERIFY_ROLLBACK})


def require_one_change(
    pattern: str, action: Action, steps: tuple[Step, ...], tools: Mapping[str, Capability]
) -> None:
    """Raise a `PlanningError` for a change that no plan of this action may make.

    `tools` are the tools by step id; a step whose tool is missing is a gap, and no plan runs then.
    """
    changes = [each for each in steps if each.changes_cluster and each.id in tools]
    for each in changes:
        _refuse_other_roads(each, tools[each.id])
        if action not in CHANGING_ACTIONS:
            raise PlanningError(
                f"Pattern {pattern!r} serves {action.value!r}, which changes no environment, but "
                f"its step {each.id!r} ({each.tool}) changes one. Take the step out, or let the "
                f"pattern serve one of {', '.join(sorted(CHANGING_ACTIONS))}."
            )
    if len(changes) > 1:
        raise PlanningError(
            f"Pattern {pattern!r} changes the cluster twice, by {changes[0].id!r} and "
            f"{changes[1].id!r}. Preview, approval, backup and rollback are about one change: make "
            "two patterns."
        )


def _refuse_other_roads(step: Step, tool: Capability) -> None:
    """Refuse a tool that changes a cluster without being a change of a release."""
    if not issubclass(tool.params, Change):
        raise PlanningError(
            f"Step {step.id!r}: {tool.name} changes a cluster, but not as the change of a release "
            "(its parameters are no `Change`), so nothing could be previewed, approved or taken "
            "back. Take it out of the pattern."
        )


def require_guards(pattern: str, steps: tuple[Step, ...], guards: Iterable[Guard]) -> None:
    """Raise a `PlanningError` for guards that do not fit together, or guard nothing."""
    there = frozenset(guards)
    if Guard.SUCCEEDED not in there:
        raise PlanningError(
            f"Pattern {pattern!r} lacks the guard 'succeeded', which decides how its runs end. "
            "Add it."
        )
    changes = any(each.changes_cluster for each in steps)
    if lacking := sorted(WAY_BACK - there) if there & WAY_BACK else []:
        raise PlanningError(
            f"Pattern {pattern!r} has one guard of the way back without the other. "
            f"Add {lacking[0].value!r}, or remove both."
        )
    if idle := sorted(there & ABOUT_A_CHANGE) if not changes else []:
        raise PlanningError(
            f"Pattern {pattern!r} changes no cluster, so its guards {', '.join(idle)} have nothing "
            "to guard. Remove them."
        )
