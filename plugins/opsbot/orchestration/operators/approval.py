"""The human approval: Airflow's ApprovalOperator, bound to what was shown.

The request shows the previewed change and the hash of its subject. The answer is sealed together
with that hash, so that the deploy can tell an answer to this very question from any other. If the
preview was made anew while the question waited, the answer is to the old one and counts for
nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator

from opsbot.orchestration import seal
from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.operators.step_operator import clear_errors
from opsbot.orchestration.ticket import Ticket
from opsbot.planning.plan import Plan
from opsbot.verification.approval import Given
from opsbot.vocabulary.errors import Refused

BODY = """{{ ti.xcom_pull(task_ids='preview')['text'] }}

**Way back:** {{ ti.xcom_pull(task_ids='preview')['target'] }}

Approved subject: `{{ ti.xcom_pull(task_ids='preview')['subject_sha256'] }}`"""


class PlanApprovalOperator(ApprovalOperator):
    """Ask a person, once; a rejection or no answer in time fails the run."""

    template_fields = ("subject", "body", "subject_sha256")

    def __init__(self, *, ticket: Ticket, plan: Plan, **kwargs: Any) -> None:
        super().__init__(
            task_id="approval",
            subject=f"{plan.title} ({plan.plan_id}, risk {plan.risk.value})",
            body=BODY,
            fail_on_reject=True,
            retries=0,
            response_timeout=timedelta(seconds=plan.approval.expires_after),
            assigned_users=[{"id": each, "name": each} for each in plan.approval.approvers] or None,
            **kwargs,
        )
        self.ticket = ticket
        self.subject_sha256: Any = "{{ ti.xcom_pull(task_ids='preview')['subject_sha256'] }}"

    def execute(self, context: Any) -> None:
        """Check the run, remember which subject is shown, and wait for an answer."""
        with clear_errors():
            tickets.check(self.ticket, context["dag_run"].run_id, context["dag_run"].conf or {})
        context["ti"].xcom_push(key="shown", value=self.subject_sha256)
        super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Seal the answer with the subject it was given to."""
        answer = super().execute_complete(context, event)
        shown = context["ti"].xcom_pull(task_ids=self.task_id, key="shown")
        with clear_errors():
            if shown != self.subject_sha256:
                raise Refused(
                    "The preview was made anew while the approval was waiting, so the answer is "
                    "to another change. Nothing was changed; ask for a new plan."
                )
        given = Given(
            subject_sha256=shown,
            plan_id=self.ticket.plan_id,
            option=answer["chosen_options"][0],
            by=_name(answer["responded_by_user"]),
            at=_unix(answer["responded_at"]),
        )
        context["ti"].xcom_push(key="seal", value=seal.close(given))
        return answer


def _name(user: Any) -> str:
    """Return the user id, or the words for an answer nobody gave."""
    return str(user["id"]) if user else "nobody (time-out)"


def _unix(moment: Any) -> float:
    """Return a moment, given as text or as time, in Unix seconds."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return float(moment.timestamp())
