"""The failed tests of a build, new ones first.

A test's status is PASSED, FAILED or SKIPPED; before junit 1363 a new failure was a REGRESSION. Its
age counts the builds in which it failed: 1 is new. What a test printed is left where it is: it can
be megabytes.
"""

from typing import Any

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.text import one_line
from opsbot.vocabulary.model import Value

FAILED = frozenset({"FAILED", "REGRESSION"})
_CASES = "suites[cases[className,name,status,age,failedSince,errorDetails]]"
TREE = f"{_CASES},childReports[result[{_CASES}]]"
LONGEST = 300


class Failure(Value):
    """A failed test."""

    name: str
    """Class and test."""
    message: str
    since_build: int
    """The build in which it failed first."""
    is_new: bool


def of(client: JenkinsClient, job: str, number: int) -> tuple[Failure, ...]:
    """Return all failed tests that the report names."""
    found = client.find(f"{addresses.of_build(job, number)}testReport/", TREE) or {}
    # An aggregated report (Maven) has one below it for each module.
    below = found.get("childReports") or []
    reports = [found, *((each or {}).get("result") or {} for each in below)]
    cases = (
        case
        for report in reports
        for suite in report.get("suites") or []
        for case in suite.get("cases") or []
    )
    failed = [_failure(case) for case in cases if case.get("status") in FAILED]
    return tuple(sorted(failed, key=lambda each: not each.is_new))


def _failure(case: dict[str, Any]) -> Failure:
    return Failure(
        name=one_line(f"{case.get('className')}.{case.get('name')}", 200),
        message=one_line(case.get("errorDetails"), LONGEST),
        since_build=int(case.get("failedSince") or 0),
        is_new=case.get("age") == 1,
    )
