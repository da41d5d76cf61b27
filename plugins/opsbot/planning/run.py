"""A plan's run as it was found: what its tasks left behind, and what persons answered."""

from opsbot.verification.approval import Given
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.outcome import StepOutcome


class Run(Value):
    """What is known of a run; who gathers it believes no output that a task did not write."""

    outcomes: tuple[StepOutcome, ...]
    """Of steps and guards."""
    seconds: float
    requested_by: str | None
    answers: dict[str, Given]
    """What persons answered, by the guard that asked."""

    def outcome(self, id: str) -> StepOutcome:
        """Return what became of a task; one that nobody reports was not reached."""
        found = {each.id: each for each in self.outcomes}
        return found.get(id, StepOutcome(id=id, state="not reached"))
