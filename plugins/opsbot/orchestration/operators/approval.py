"""The human approval: Airflow's ApprovalOperator, bound to what was shown.

The request shows what a person must know to say yes or no: what, by whom, made from what, tested
how, and the previewed change with the hash of its subject. The answer is sealed together with that
hash, so that the deploy can tell an answer to this very question from any other. If the preview was
made anew while the question waited, the answer is to the old one and counts for nothing. A second
question may stand after the change: a policy's `validate_after`.
"""

from datetime import datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param
from airflow.sdk.execution_time.hitl import HITLUser

from opsbot.orchestration import gathering, seal, superseding
from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.gathering import ANSWER
from opsbot.orchestration.operators.step_operator import PROBLEM, clear_errors
from opsbot.orchestration.ticket import Ticket
from opsbot.planning import approval_page
from opsbot.planning.plan import Plan
from opsbot.verification import approval
from opsbot.verification.approval import Given, Rule
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.redaction import redact

SHOWN = "shown"
"""XCom key of the subject that the request shows."""
LONGEST_REASON = 500
VALIDATION = """The change is made and its checks have passed. Look at it yourself.

**Approve** keeps it. **Reject**, or no answer in time, restores the version before it."""


class PlanQuestionOperator(ApprovalOperator):
    """Ask a person about the plan, once; a rejection or no answer in time fails the run."""

    def __init__(self, *, task_id: str, ticket: Ticket, plan: Plan, **kwargs: Any) -> None:
        super().__init__(
            task_id=task_id,
            subject=f"{plan.title} ({plan.plan_id}, risk {plan.risk.value})",
            fail_on_reject=True,
            retries=0,
            response_timeout=timedelta(seconds=plan.approval.expires_after),
            assigned_users=[_user(each) for each in plan.approval.approvers] or None,
            params={"reason": Param("", type="string", title="Reason", maxLength=LONGEST_REASON)},
            **kwargs,
        )
        self.ticket, self.plan = ticket, plan

    def execute(self, context: Any) -> None:
        """Check the run and wait for an answer."""
        with clear_errors(context["ti"]):
            tickets.check(self.ticket, context["dag_run"].run_id, context["dag_run"].conf or {})
            self._let_opsbot_reject()
        super().execute(context)

    def _let_opsbot_reject(self) -> None:
        """Where Airflow lets named people answer alone, add the account that rejects for OPS Bot.

        An approval by that account does not count: it is not among the plan's approvers.
        """
        if not self.assigned_users:
            return
        if account := superseding.account():
            self.assigned_users = [*self.assigned_users, _user(account)]

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the answer, unless the one who gave it may not."""
        if "error" in event:
            words = f"nobody's answer came in time ({event['error_type']})"
            context["ti"].xcom_push(key=PROBLEM, value=words)
        else:
            context["ti"].xcom_push(key=ANSWER, value=seal.close(self.given(context, event)))
        answer = super().execute_complete(context, event)
        with clear_errors(context["ti"]):
            problem = approval.who_may_not(self.given(context, answer), rule_of(self.plan, context))
            if problem is not None:
                raise Refused(f"The answer does not count: {problem}. Ask for a new plan.")
        return answer

    def given(self, context: Any, answer: Any) -> Given:
        """Return the answer as a value, bound to what was shown."""
        user = answer["responded_by_user"] or {"id": "nobody", "name": "nobody (time-out)"}
        shown = context["ti"].xcom_pull(task_ids=self.task_id, key=SHOWN)
        reason = (answer["params_input"] or {}).get("reason")
        return Given(
            subject_sha256=shown or "",
            plan_id=self.ticket.plan_id,
            option=answer["chosen_options"][0],
            by=str(user["id"]),
            name=str(user["name"]),
            at=_unix(answer["responded_at"]),
            reason=redact(str(reason or ""))[:LONGEST_REASON],
        )


class PlanApprovalOperator(PlanQuestionOperator):
    """Ask before the change, showing what it would do."""

    template_fields = ("subject_sha256",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(task_id="approval", body="", **kwargs)
        self.subject_sha256: Any = "{{ ti.xcom_pull(task_ids='preview')['subject_sha256'] }}"

    def execute(self, context: Any) -> None:
        """Remember which subject is shown, and wait for an answer."""
        with clear_errors(context["ti"]):
            superseding.refuse_superseded(self.plan, self.ticket.sequence)
            self.body = self._page(context)
        context["ti"].xcom_push(key=SHOWN, value=self.subject_sha256)
        super().execute(context)

    def _page(self, context: Any) -> str:
        """Write what the person is shown, from what the tasks before have left."""
        ti, plan = context["ti"], self.plan
        preview = gathering.output_of(plan, ti, "preview")
        if preview is None:
            raise Refused("The preview of this plan is not on record, so nobody can be asked.")
        return approval_page.write(
            plan,
            requested_by=context["dag_run"].triggering_user_name,
            outputs={s.id: gathering.output_of(plan, ti, s.id) or {} for s in plan.before_change},
            preview=preview,
        )

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Seal the answer with the subject it was given to."""
        answer = super().execute_complete(context, event)
        given = self.given(context, answer)
        with clear_errors(context["ti"]):
            if given.subject_sha256 != self.subject_sha256:
                raise Refused(
                    "The preview was made anew while the approval was waiting, so the answer is "
                    "to another change. Nothing was changed; ask for a new plan."
                )
        context["ti"].xcom_push(key="seal", value=seal.close(given))
        return answer


class PlanValidationOperator(PlanQuestionOperator):
    """Ask after the change whether it is as it should be; a rejection rolls it back."""

    template_fields = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(task_id="validation", body=VALIDATION, **kwargs)


def rule_of(plan: Plan, context: Any) -> Rule:
    """Return who may answer for a plan's run, and for how long the answer holds."""
    requester = context["dag_run"].triggering_user_name
    return Rule(
        approvers=plan.approval.approvers,
        four_eyes=plan.approval.four_eyes,
        requester=requester,
        expires_after=plan.approval.expires_after,
    )


def _user(name: str) -> HITLUser:
    return HITLUser(id=name, name=name)


def _unix(moment: Any) -> float:
    """Return a moment, given as text or as time, in Unix seconds."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return float(moment.timestamp())
