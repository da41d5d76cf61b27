"""The guard tasks of the way back, and the callback that begins it at once.

A callback alone is lost when its process is killed; a guard alone waits for the scheduler. Both
restore the same target, which the change's record names, and find done what the other has done.
"""

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from opsbot.integrations.kubernetes import restore
from opsbot.orchestration import changes, record, rollback, step_cluster
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.orchestration.record import State
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import OpsBotError
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact

RESTORED = "restored"
"""XCom key of what the failing task's callback restored."""
RETRY_DELAY = timedelta(seconds=20)

log = logging.getLogger(__name__)


def restore_at_once(context: Any) -> None:
    """Begin the rollback in the process of the task that failed.

    The DAG processor also runs failure callbacks, for tasks whose supervisor died; it has no
    exception to show, and leaves the rollback to the guard task.
    """
    task = context["task"]
    if context.get("exception") is None or task.change is None:
        return
    try:
        restored = rollback.undo(task.change, task.ticket, task.say, rollback.CALLBACK_SECONDS)
        if restored is not None:
            context["ti"].xcom_push(key=RESTORED, value=restored.model_dump(mode="json"))
    except OpsBotError as error:
        log.warning("The guard task goes on with the rollback: %s", redact(str(error)))


class RollbackOperator(GuardedOperator):
    """Restore the version that the change's record names, however the change ended."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(
            task_id="rollback",
            trigger_rule="one_failed",
            retries=5,
            retry_delay=RETRY_DELAY,
            **kwargs,
        )
        self.step = changes.change_of(plan)

    def act(self, context: Any) -> Value:
        """Return what was restored, action by action."""
        restored = rollback.undo(self.step, self.ticket, self.say, rollback.GUARD_SECONDS)
        if restored is None:
            raise AirflowSkipException("No change is open, so nothing is rolled back.")
        return restored


class VerifyRollbackOperator(GuardedOperator):
    """Look again, apart from the rollback, whether the restored version serves."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(task_id="verify_rollback", **kwargs)
        self.step = changes.change_of(plan)

    def act(self, context: Any) -> Value:
        """Return the restored version's replicas and endpoints."""
        found = record.read(self.ticket)
        if found is None or found.state is not State.UNDONE:
            raise AirflowSkipException("Nothing was rolled back.")
        return restore.verify(step_cluster.of(self.step), found.backup, say=self.say)
