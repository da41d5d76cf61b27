"""What all operators of a plan have in common: the check of the run, and errors in clear words.

A failure that waiting cannot heal fails the task for good; a fault of the road lets Airflow try
the same call again. Neither ever shows a secret: the message is redacted and the original
exception, whose text nobody has checked, is not chained.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from opsbot.orchestration import proof
from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.ticket import Ticket
from opsbot.planning.plan import Step
from opsbot.vocabulary.errors import OpsBotError, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact, redact_value

PROBLEM = "problem"
"""XCom key of the words that a task failed with."""
LONGEST_PROBLEM = 8000
"""Characters of them that are kept."""


@contextmanager
def clear_errors(ti: Any = None) -> Iterator[None]:
    """Turn OPS Bot's errors into Airflow's: final, or to be tried again.

    Airflow hands no error from task to task, so the words are also left as an XCom of `ti`.
    """
    try:
        yield
    except OpsBotError as error:
        words = redact(str(error))
        if ti is not None:
            ti.xcom_push(key=PROBLEM, value=words[:LONGEST_PROBLEM])
        kind = AirflowException if isinstance(error, TryAgain) else AirflowFailException
        raise kind(words) from None


class GuardedOperator(BaseOperator):
    """A task of a plan's DAG: it acts only in the run that was made for its plan."""

    ui_color = "#e8f0fe"

    def __init__(self, *, ticket: Ticket, **kwargs: Any) -> None:
        kwargs.setdefault("retries", 2)
        kwargs.setdefault("retry_delay", timedelta(seconds=5))
        super().__init__(**kwargs)
        self.ticket = ticket

    def execute(self, context: Any) -> dict[str, Any] | None:
        """Check the run, act, and return the typed output as JSON."""
        with clear_errors(context["ti"]):
            self.check_run(context)
            output = self.act(context)
            returned = None if output is None else redact_value(output.model_dump(mode="json"))
            if returned is not None:
                sealed = proof.of(self.ticket.plan_id, self.task_id, returned)
                context["ti"].xcom_push(key=proof.KEY, value=sealed)
        return returned

    def act(self, context: Any) -> Value | None:
        """Do the task's work."""
        raise NotImplementedError

    def check_run(self, context: Any) -> None:
        """Refuse a run that was not made for this plan."""
        run = context["dag_run"]
        tickets.check(self.ticket, run.run_id, run.conf or {})
        if not self.upstream_task_ids:
            tickets.check_shape(self.ticket, frozenset(self.states(context)))

    def states(self, context: Any) -> dict[str, str | None]:
        """Return the state of every task of this run."""
        run = context["dag_run"]
        found: dict[str, dict[str, str | None]] = context["ti"].get_task_states(
            run.dag_id, run_ids=[run.run_id]
        )
        return found.get(run.run_id, {})

    def say(self, words: str) -> None:
        """Report progress to the task's log."""
        self.log.info("%s", redact(words))


class StepOperator(GuardedOperator):
    """A numbered step of the plan."""

    def __init__(self, *, step: Step, **kwargs: Any) -> None:
        super().__init__(task_id=step.id, task_display_name=step.title, **kwargs)
        self.step = step
