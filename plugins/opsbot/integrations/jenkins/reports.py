"""What a build proves about tests and coverage.

A missing test report is not "no failures", and failing tests may leave a build green. Coverage
comes from one of three plugins, each with an address and a spelling of its own; where none
answers, coverage is not measured, which is something else than zero.
"""

import re
from typing import Any

from opsbot.integrations.jenkins import addresses
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value

COUNTS = "failCount,passCount,skipCount,totalCount"
PERCENT = re.compile(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*%?\s*")


class TestCounts(Value):
    """How many tests did what."""

    __test__ = False

    passed: int
    failed: int
    skipped: int


def counts(client: JenkinsClient, job: str, number: int) -> TestCounts | None:
    """Return the counts of the build's test report, or None where it has none."""
    found = client.find(f"{addresses.of_build(job, number)}testReport/", COUNTS)
    if found is None:
        return None
    try:
        failed, skipped = int(found["failCount"]), int(found["skipCount"])
        # An aggregated report (Maven) counts the total instead of what passed.
        passed = found.get("passCount")
        passed = int(found["totalCount"]) - failed - skipped if passed is None else int(passed)
    except (KeyError, TypeError, ValueError):
        raise StepFailed(f"The test report of {job} #{number} has no counts to read.") from None
    return TestCounts(passed=passed, failed=failed, skipped=skipped)


def coverage(client: JenkinsClient, job: str, number: int) -> float | None:
    """Return the percentage of lines that tests cover, or None where nobody measured it."""
    place = addresses.of_build(job, number)
    if found := client.find(f"{place}coverage/"):
        return _percentage((found.get("projectStatistics") or {}).get("line"))
    if found := client.find(f"{place}coverage/result/", params={"depth": "1"}):
        elements = (found.get("results") or {}).get("elements") or []
        lines = [each for each in elements if str(each.get("name", "")).lower().startswith("line")]
        return _percentage(lines[0].get("ratio")) if lines else None
    if found := client.find(f"{place}jacoco/"):
        lines_covered = found.get("lineCoverage") or {}
        return _percentage(lines_covered.get("percentageFloat", lines_covered.get("percentage")))
    return None


def _percentage(value: Any) -> float | None:
    found = PERCENT.fullmatch(str(value))
    number = float(found[1].replace(",", ".")) if found else None
    return number if number is not None and number <= 100 else None
