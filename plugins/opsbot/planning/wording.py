"""How a plan's values are written for people: durations, marks, values that cannot do harm.

What a person typed, or a file says, is shown as text and nothing else: a control character could
move a terminal's cursor and make a plan read like another one, so it is spelt out.
"""

import json
import textwrap
import unicodedata
from typing import Any

from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Criterion, Risk

WIDTH = 80

RISK_MARK = {Risk.LOW: "🟢", Risk.MEDIUM: "🟡", Risk.HIGH: "🟠"}

CRITERION = {
    Criterion.ALL_STEPS_COMPLETED: "All steps completed without errors",
    Criterion.HEALTH_CHECKS_PASSED: "Health checks passed",
    Criterion.NO_ERROR_LOGS: "No error logs in monitoring",
    Criterion.ZERO_USER_FACING_ERRORS: "Zero user-facing errors",
    Criterion.RESPONSE_TIME_WITHIN_SLA: "Response time within SLA",
    Criterion.ALL_PODS_READY: "All pods running and ready",
    Criterion.SERVICE_ACCESSIBLE: "Service endpoint accessible",
    Criterion.NO_MEMORY_LEAKS: "No memory leaks detected",
}

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return the text with each character that has no picture spelt out by its code."""
    return "".join(
        each.encode("unicode_escape").decode() if unicodedata.category(each) in _INVISIBLE else each
        for each in text
    )


def value(argument: Any) -> str:
    """Write an argument's value: text as it is, everything else as JSON."""
    if isinstance(argument, str):
        return visible(argument)
    return visible(json.dumps(argument, ensure_ascii=False))


def minutes(span: Span) -> str:
    """Write an estimate in minutes: `2-5 minutes`, `< 1 minute`."""
    least, most = span.min // 60, -(-span.max // 60)
    if most == 0:
        return "unknown"
    if least == 0:
        return f"< {most} minute{_s(most)}"
    return f"{most} minute{_s(most)}" if least == most else f"{least}-{most} minutes"


def seconds(amount: float | None) -> str:
    """Write a measured time: `3.24s`; what never started took none."""
    return "not started" if amount is None else f"{amount:.2f}s"


def wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    """Break a paragraph into lines of at most 80 columns; `first` opens the first one."""
    return textwrap.wrap(
        visible(text),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _s(number: int) -> str:
    """Return the plural's ending."""
    return "" if number == 1 else "s"
