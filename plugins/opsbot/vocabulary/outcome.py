"""What became of a step when its plan ran."""

from typing import Any

from pydantic import Field

from opsbot.vocabulary.model import Value


class StepOutcome(Value):
    """A step's end in Airflow's words, how long it took, and what it returned."""

    id: str
    state: str
    """success, failed, skipped, upstream_failed, ... as Airflow calls it."""
    seconds: float | None = None
    """None where the step never started."""
    output: dict[str, Any] = Field(default_factory=dict)
    problem: str = ""
    """The words of the error that ended it, where they are known."""
