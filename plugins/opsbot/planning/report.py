"""What came of a plan's run: the execution summary as data.

The words are chosen once, when the report is made, so the terminal, Airflow's page and a program
all read the same. Every text in it has been masked; every list is bounded.
"""

from opsbot.planning.ending import Status, WayBack
from opsbot.verification.proving import Proof
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Action, Criterion, ServerKind


class Ended(Value):
    """One task of the run, with what it found or why it failed."""

    id: str
    state: str
    """In Airflow's words; `not reached` where nobody reports it."""
    seconds: float | None
    words: tuple[str, ...] = ()
    """What it found: a line, then the particulars."""
    problem: tuple[str, ...] = ()
    """The lines of the error that ended it."""


class EndedStep(Ended):
    """A numbered step of the plan."""

    number: int
    title: str
    server: ServerKind
    why_not: str = ""
    """Why it did not run, where it did not."""


class PersonsAnswer(Value):
    """What a person answered to a question of the run, and what they were shown."""

    question: str
    """The guard that asked: `approval`, `validation`."""
    option: str
    by: str
    at: str
    """UTC."""
    subject_sha256: str = ""
    """Hash of what was shown: plan, image, previewed change, live template."""
    reason: str = ""


class RollbackAction(Value):
    """One action on the way back."""

    id: str
    state: str
    seconds: float | None
    note: str = ""


class RolledBack(Value):
    """The way back."""

    outcome: WayBack
    target: str
    version: str = ""
    """Tag of the version that was restored; empty where nobody noted it."""
    actions: tuple[RollbackAction, ...] = ()
    objects: tuple[str, ...] = ()
    """Whether what is there is what was saved, in words."""


class Totals(Value):
    """A run in numbers."""

    seconds: float
    """From the run's start to the report."""
    steps: int
    completed: int
    failed: int
    not_run: int
    """Steps that did not come to an end of their own."""
    criteria_met: int
    criteria_missed: int
    criteria_not_measured: int


class Judged(Value):
    """A success criterion in words, whether it is met, and what says so."""

    criterion: Criterion
    words: str
    met: bool | None
    """None: not measured."""
    reason: str


class Report(Value):
    """A run from the command to its end."""

    plan_id: str
    fingerprint: str
    title: str
    command: str
    action: Action
    application: str
    environment: str | None
    version: str
    """Tag of the version that the plan puts there; empty where it brings none."""
    requested_by: str | None
    status: Status
    headline: str
    """How it ended, in a sentence."""
    reads_only: bool
    """Whether the plan changes nothing, so that what its steps found is the answer."""
    totals: Totals
    steps: tuple[EndedStep, ...]
    guards: tuple[Ended, ...]
    answers: tuple[PersonsAnswer, ...]
    rollback: RolledBack | None
    criteria: tuple[Judged, ...]
    verdict: str
    """The sum of all criteria; silence is not success."""
    compliance: tuple[Proof, ...]
