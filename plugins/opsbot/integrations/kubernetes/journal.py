"""The record of a rollback: which action, how it ended, how long it took."""

from collections.abc import Callable
from typing import Literal

from opsbot.integrations.waiting import Clock
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

State = Literal["success", "skipped", "failed"]
Ending = tuple[State, str]
"""How an action ended, and a note about it."""


class Action(Value):
    """One action of a rollback."""

    id: Literal["stop_new", "restore", "verify_pods", "verify_service", "clean_up"]
    state: State
    seconds: float
    note: str = ""


class Journal:
    """Collects the actions as they end."""

    def __init__(self, clock: Clock, say: Say) -> None:
        self.clock, self.say = clock, say
        self.actions: list[Action] = []

    def perform(self, id: str, act: Callable[[], Ending]) -> None:
        """Carry out an action and record it; a failure is recorded and goes on its way."""
        began = self.clock.now()
        try:
            state, note = act()
        except StepFailed as error:
            self._record(id, "failed", began, str(error))
            raise
        self._record(id, state, began, note)

    def skip(self, id: str, note: str) -> None:
        """Record an action that had no object."""
        self._record(id, "skipped", self.clock.now(), note)

    def _record(self, id: str, state: State, began: float, note: str) -> None:
        seconds = round(self.clock.now() - began, 3)
        action = Action.model_validate({"id": id, "state": state, "seconds": seconds, "note": note})
        self.actions.append(action)
        self.say(f"{id}: {state} in {seconds:.1f} s. {note}")
