"""Tell the team how the run ended.

A notifier that is down must never change how a deployment ends, so a message that cannot be sent
is reported in the output and in the log, and the task succeeds.
"""

from typing import Any

from opsbot.integrations.slack import post
from opsbot.orchestration.operators.finish import demanded
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.planning.plan import Plan
from opsbot.vocabulary.errors import OpsBotError
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.redaction import redact


class NotifyOutput(Value):
    """Who was told what."""

    notified: tuple[str, ...]
    text: str


class NotifyOperator(GuardedOperator):
    """Send the outcome to the environment's Slack channel."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(task_id="notify", trigger_rule="all_done", **kwargs)
        self.plan = plan

    def act(self, context: Any) -> Value:
        """Return who was told."""
        text = words(self.plan, self.states(context))
        try:
            post.post(self.plan.slack_connection, self.plan.notify, text)
        except OpsBotError as error:
            self.log.warning("Slack was not told: %s", redact(str(error)))
            return NotifyOutput(notified=(), text=text)
        return NotifyOutput(notified=("slack",), text=text)


def words(plan: Plan, states: dict[str, str | None]) -> str:
    """Say in a sentence how the run ended."""
    lacking = [task for task in demanded(plan) if states.get(task) != "success"]
    if not lacking:
        return f":white_check_mark: {plan.title}: done ({plan.plan_id})."
    failed = [task for task, state in states.items() if state == "failed" and task != "succeeded"]
    failed = failed or lacking[:1]
    if failed == ["approval"]:
        return f":no_entry: {plan.title}: not approved; nothing was changed ({plan.plan_id})."
    at = ", ".join(task for task in failed if task not in ("rollback", "verify_rollback"))
    return f":x: {plan.title}: failed at {at}. {_way_back(states)} ({plan.plan_id})"


def _way_back(states: dict[str, str | None]) -> str:
    match states.get("rollback"), states.get("verify_rollback"):
        case "success", "success":
            return "The previous version was restored and serves."
        case "failed" | "upstream_failed", _:
            return "THE ROLLBACK FAILED: a person must look at the cluster now."
        case "success", _:
            return "The previous version was restored; that it serves is not verified."
        case _:
            return "Nothing was deployed."
