"""How a run ended, in a sentence: the first thing a person reads, and often the only one."""

from opsbot.planning import ending
from opsbot.planning.ending import States, Status, WayBack
from opsbot.planning.plan import Plan
from opsbot.planning.report import RolledBack
from opsbot.planning.run import Run
from opsbot.verification.approval import APPROVE, Given
from opsbot.vocabulary.words import FIRST_DEPLOY, Guard


def of(plan: Plan, states: States, run: Run, rollback: RolledBack | None) -> str:
    """Say how a run ended."""
    match ending.status(plan, states):
        case Status.COMPLETED:
            return "COMPLETED"
        case Status.NOT_APPROVED:
            return _not_approved(run)
        case Status.FAILED:
            return f"{_failed(plan, states, run)}{_way_back(plan, states, rollback)}"
        case Status.INCOMPLETE:
            lacking = next(t for t in ending.demanded(plan) if states.get(t) != "success")
            return f"INCOMPLETE: {lacking} is {states.get(lacking) or 'not begun'}."


def rejects(given: Given | None) -> bool:
    """Tell whether a person said no."""
    return given is not None and given.option != APPROVE


def _not_approved(run: Run) -> str:
    given = run.answers.get(Guard.APPROVAL.value)
    if given is not None and rejects(given):
        return f"REJECTED by {given.by}. Nothing was changed."
    problem = run.outcome(Guard.APPROVAL.value).problem.partition("\n")[0]
    return f"NOT APPROVED: {problem or 'no answer is on record'}. Nothing was changed."


def _failed(plan: Plan, states: States, run: Run) -> str:
    """Name what failed first."""
    failed = next(iter(ending.failures(plan, states)), None)
    if failed is None:
        return "FAILED"
    given = run.answers.get(failed)
    if given is not None and rejects(given):
        return f"REJECTED by {given.by} after the change"
    numbers = {each.id: each.number for each in plan.steps}
    at = f"step {numbers[failed]} ({failed})" if failed in numbers else failed
    return f"FAILED at {at}"


def _way_back(plan: Plan, states: States, rollback: RolledBack | None) -> str:
    """Say what became of the version before."""
    if plan.change is None:
        return "."
    if rollback is None:
        stays = states.get(plan.change.id) == "success"
        return (
            f". Nothing was {'rolled back' if stays else 'changed'} in {plan.intent.environment}."
        )
    match rollback.outcome:
        case WayBack.FAILED:
            return ". THE ROLLBACK FAILED: a person must look at the cluster now."
        case WayBack.UNVERIFIED:
            return f", {_restored(rollback)}; that it serves is not verified."
        case _:
            return f", {_restored(rollback)}."


def _restored(rollback: RolledBack) -> str:
    if rollback.target.startswith(FIRST_DEPLOY):
        return "SCALED TO 0: a first deploy has nothing to go back to"
    return f"ROLLED BACK to {rollback.version or rollback.target or 'the version before'}"
