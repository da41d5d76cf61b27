"""A run's end in a message for the team: what, which version, where, and what to do.

A chat shows a few lines, so this is the headline with its place, and the first line of the error.
"""

from opsbot.planning import phrases
from opsbot.planning.ending import Status
from opsbot.planning.report import Report

_MARK = {
    Status.COMPLETED: ":white_check_mark:",
    Status.NOT_APPROVED: ":no_entry:",
}


def text(report: Report) -> str:
    """Write the message."""
    place = phrases.where(report.application, report.version, report.environment)
    mark = _MARK.get(report.status, ":x:")
    asked = f", asked for by {report.requested_by}" if report.requested_by else ""
    lines = [
        f"{mark} *{place}*: {report.headline}",
        *_reason(report),
        f"{report.title} ({report.plan_id}{asked})",
    ]
    return "\n".join(lines)


def _reason(report: Report) -> list[str]:
    """Return the first line of the first error; a rejection needs none."""
    if report.status is not Status.FAILED:
        return []
    problems = [each.problem[0] for each in (*report.steps, *report.guards) if each.problem]
    return problems[:1]
