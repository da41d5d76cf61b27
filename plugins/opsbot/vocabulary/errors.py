"""Errors by the decision their catcher can make.

A message says what happened, to what, and what to do. `StepFailed` is the outside world saying
no: retrying changes nothing. `TryAgain` is a fault of the road (network, time-out): the same call
may go through later. `Refused` is OPS Bot itself saying no before anything was changed.
"""


class OpsBotError(Exception):
    """The root of every error OPS Bot raises on purpose."""


class ConfigurationError(OpsBotError):
    """A file of the organisation's configuration is wrong; names file, line and remedy."""

    def __init__(self, file: str, line: int, problem: str, remedy: str) -> None:
        self.file, self.line, self.problem, self.remedy = file, line, problem, remedy
        super().__init__(f"{file}:{line}: {problem} {remedy}")


class PlanningError(OpsBotError):
    """No plan can be made that keeps the policies."""


class StepFailed(OpsBotError):
    """A step's system answered no, or its result is not good enough. Retries are useless."""


class TryAgain(OpsBotError):
    """A system could not be reached or was busy. The same call may succeed later."""


class Refused(OpsBotError):
    """OPS Bot declines to act; nothing was changed."""
