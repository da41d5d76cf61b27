"""Tell the team how the run ended.

A notifier that is down must never change how a deployment ends, so a message that cannot be sent
is reported in the output and in the log, and the task succeeds.
"""

from typing import Any

from opsbot.integrations.slack import post
from opsbot.orchestration import gathering
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.planning import message, reporting
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
        run = gathering.run_of(self.plan, context, self.states(context))
        text = message.text(reporting.make(self.plan, run))
        try:
            post.post(self.plan.slack_connection, self.plan.notify, text)
        except OpsBotError as error:
            self.log.warning("Slack was not told: %s", redact(str(error)))
            return NotifyOutput(notified=(), text=text)
        return NotifyOutput(notified=("slack",), text=text)
