"""The leaf that decides how a run ended.

Airflow takes a run's state from its leaves, and counts a skipped one as success. A person may mark
any task as skipped or successful; so this leaf does not go by its neighbours but asks for the state
of every step, and of the approval where one is demanded.
"""

from typing import Any

from opsbot.integrations.kubernetes import client
from opsbot.orchestration import leases, record
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.planning import ending
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import OpsBotError, StepFailed
from opsbot.vocabulary.redaction import redact
from opsbot.vocabulary.words import Guard


class SucceededOperator(GuardedOperator):
    """Succeed if and only if everything that the plan demands has succeeded."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(task_id=Guard.SUCCEEDED.value, trigger_rule="all_done", **kwargs)
        self.plan = plan

    def act(self, context: Any) -> None:
        """Name the first task that lacks, and fail; else close the change for good."""
        self._let_go()
        states = self.states(context)
        if states.get(Guard.ROLLBACK.value) == "success":
            raise StepFailed("The plan is not carried out: its change was rolled back.")
        for task in ending.demanded(self.plan):
            if states.get(task) != "success":
                raise StepFailed(
                    f"The plan is not carried out: {task!r} is {states.get(task) or 'not begun'}."
                )
        record.settle(self.ticket)

    def _let_go(self) -> None:
        """Give up the lease; one that cannot be given up runs out by itself."""
        if self.plan.change is None:
            return
        try:
            leases.let_go(client.connect(self.plan.change.connection), self.plan)
        except OpsBotError as error:
            self.log.warning("The lease runs out by itself: %s", redact(str(error)))
