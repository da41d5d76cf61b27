"""The way back: restore at once in the failing task's callback, and for certain in a guard task.

A callback alone is lost when its process is killed; a guard alone waits for the scheduler. Both
restore the same target, which the backup names, and find done what the other has done. Neither
acts unless the deploy left its mark: a run that failed before it changed anything has nothing to
roll back.
"""

import logging
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from opsbot.integrations.kubernetes import client, restore
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.orchestration import changes, seal
from opsbot.orchestration.operators.change import STARTED
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.planning.plan import Plan, Step
from opsbot.vocabulary.errors import OpsBotError, Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say
from opsbot.vocabulary.redaction import redact

CALLBACK_SECONDS = 15
"""Airflow ends a callback 20 s after its task (`[core] task_success_overtime`)."""
GUARD_SECONDS = 300
RESTORED = "restored"
"""XCom key of what the failing task's callback restored."""

log = logging.getLogger(__name__)


def marked(ti: Any, change: Step) -> Backup | None:
    """Return the backup a started change would go back to, or None if nothing was started."""
    mark = ti.xcom_pull(task_ids=change.id, key=STARTED)
    if not mark:
        return None
    saved = seal.open_seal(mark, Backup)
    if saved is None:
        raise Refused(
            "The backup on record was not sealed by this Airflow, so it is not applied. A person "
            "must look at the cluster now."
        )
    return saved


def restore_at_once(context: Any) -> None:
    """Begin the rollback in the process of the task that failed.

    The DAG processor also runs failure callbacks, for tasks whose supervisor died; it has no
    exception to show, and leaves the rollback to the guard task.
    """
    if context.get("exception") is None:
        return
    step: Step = context["task"].change
    try:
        saved = marked(context["ti"], step)
        if saved is None:
            return
        restored = _restore(step, saved, context["ti"].run_id, log.info, CALLBACK_SECONDS)
        context["ti"].xcom_push(key=RESTORED, value=restored.model_dump(mode="json"))
    except OpsBotError as error:
        log.warning("The guard task goes on with the rollback: %s", redact(str(error)))


def _restore(
    step: Step, saved: Backup, plan_id: str, say: Say, seconds: float
) -> restore.RestoreOutput:
    """Go back to the backup's version, unless the release is another plan's by now."""
    cluster = client.connect(step.connection)
    if not saved.first_deploy:
        changes.refuse_another_plans(cluster, saved.saved_deployment, plan_id)
    return restore.run(cluster, saved, say=say, deadline_seconds=seconds)


class RollbackOperator(GuardedOperator):
    """Restore the version that the backup names, however the deploy ended."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(task_id="rollback", trigger_rule="one_failed", retries=3, **kwargs)
        self.step = changes.change_of(plan)

    def act(self, context: Any) -> Value:
        """Return what was restored, action by action."""
        saved = marked(context["ti"], self.step)
        if saved is None:
            raise AirflowSkipException("Nothing was deployed, so nothing is rolled back.")
        return _restore(self.step, saved, self.ticket.plan_id, self.say, GUARD_SECONDS)


class VerifyRollbackOperator(GuardedOperator):
    """Look again, apart from the rollback, whether the restored version serves."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(task_id="verify_rollback", **kwargs)
        self.step = changes.change_of(plan)

    def act(self, context: Any) -> Value:
        """Return the restored version's replicas and endpoints."""
        saved = marked(context["ti"], self.step)
        if saved is None:
            raise AirflowSkipException("Nothing was deployed, so nothing was rolled back.")
        return restore.verify(client.connect(self.step.connection), saved, say=self.say)
