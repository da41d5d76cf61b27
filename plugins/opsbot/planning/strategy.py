"""How a plan is undone, in words that count what can really be undone."""

from collections.abc import Iterable

from opsbot.planning.plan import Step
from opsbot.vocabulary.words import Guard


def in_words(steps: tuple[Step, ...], guards: Iterable[Guard]) -> str:
    """Say which steps can be undone and how the previous version comes back."""
    changes = [each for each in steps if each.changes]
    if not changes:
        return "Nothing to roll back: every step only reads."
    undone = [each for each in changes if reversible(each)]
    if Guard.ROLLBACK not in set(guards):
        return "Nothing to roll back in an environment: a build that still runs is stopped."
    return " ".join(
        [
            f"Automatic rollback available for {_count(len(undone))}{_named(undone)}."
            if undone
            else "No step can be undone by its own tool.",
            "Previous version maintained as backup, read back and compared before the change.",
            "If the change fails, its objects are applied again and the previous version is",
            "verified; a first deployment has nothing to go back to and is scaled to 0.",
        ]
    )


def reversible(step: Step) -> bool:
    """Tell whether a step changes something that can be taken back."""
    return step.changes and not step.undo.startswith(("irreversible:", "unknown:"))


def _count(steps: int) -> str:
    """Say a number of steps."""
    return "1 critical step" if steps == 1 else f"{steps} critical steps"


def _named(steps: list[Step]) -> str:
    """Name the steps and what happens to each: builds are stopped, the cluster is restored."""
    stopped = [each.id for each in steps if not each.changes_cluster]
    restored = [each.id for each in steps if each.changes_cluster]
    parts = [f"{', '.join(stopped)}: stopped while running"] if stopped else []
    parts += [f"{', '.join(restored)}: previous version restored"] if restored else []
    return f" ({'; '.join(parts)})" if parts else ""
