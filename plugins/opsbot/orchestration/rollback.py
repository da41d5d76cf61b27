"""The way back of a change that was begun: restore what was saved, once.

A callback of the failing task, the `on_kill` of the change and a guard task all come here. Whoever
is first does it; the others find it done. Nobody acts on a change that is settled or undone, so a
check that is cleared and fails days later takes nothing back.
"""

from opsbot.integrations.kubernetes import restore
from opsbot.integrations.kubernetes.restored import RestoreOutput
from opsbot.orchestration import changes, record, step_cluster
from opsbot.orchestration.record import Record, State
from opsbot.orchestration.ticket import Ticket
from opsbot.planning.plan import Step
from opsbot.vocabulary.progress import Say

CALLBACK_SECONDS = 15
"""Airflow ends a callback 20 s after its task (`[core] task_success_overtime`)."""
GUARD_SECONDS = 300


def undo(step: Step, ticket: Ticket, say: Say, seconds: float) -> RestoreOutput | None:
    """Restore the version before an open change; None if there is nothing to undo."""
    found = record.read(ticket)
    if found is None or found.state is State.SETTLED:
        return None
    if found.state is State.UNDONE:
        return found.restored
    restored = _restore(step, found, say, seconds)
    done = found.model_copy(update={"state": State.UNDONE, "restored": restored})
    record.write(ticket, done)
    return restored


def _restore(step: Step, found: Record, say: Say, seconds: float) -> RestoreOutput:
    """Go back to the backup's version, unless the release is another plan's by now."""
    cluster = step_cluster.of(step)
    if not found.backup.first_deploy:
        changes.refuse_another_plans(cluster, found.backup.saved_deployment, found.plan_id)
    return restore.run(cluster, found.backup, say=say, deadline_seconds=seconds)
