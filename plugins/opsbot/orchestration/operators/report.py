"""The report: what came of the run, for people and programs, whatever the end.

It stands at the end of every run, also of those that only read: there it is the answer. It
decides nothing, so a report that cannot be made changes no run's state.
"""

from datetime import timedelta
from typing import Any

from opsbot.orchestration import gathering
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.planning import reporting, summary, summary_page
from opsbot.planning.plan import Plan
from opsbot.planning.report import Report
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Guard

LONGEST = timedelta(minutes=2)


class ReportOutput(Value):
    """The execution summary."""

    markdown: str
    data: Report


class ReportOperator(GuardedOperator):
    """Sum up what the tasks of the run have left behind."""

    def __init__(self, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(
            task_id=Guard.REPORT.value,
            trigger_rule="all_done",
            retries=1,
            execution_timeout=LONGEST,
            **kwargs,
        )
        self.plan = plan

    def act(self, context: Any) -> Value:
        """Return the report; its words also stand in the task's log."""
        run = gathering.run_of(self.plan, context, self.states(context))
        report = reporting.make(self.plan, run)
        for line in summary.text(report).splitlines():
            self.say(line)
        return ReportOutput(markdown=summary_page.write(report), data=report)
