"""Read what a build's tests prove.

They have failed where one of them failed, whatever colour the build has. They have passed where
some passed, none failed, and the build went through; anything else proves nothing.
"""

from typing import Literal

from opsbot.capabilities.jenkins.get_test_results import GetTestResults
from opsbot.integrations.jenkins import builds, failures, reports
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.failures import Failure
from opsbot.integrations.jenkins.reports import TestCounts
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class TestResults(Value):
    """What the tests of one build prove."""

    __test__ = False

    job: str
    build_number: int
    url: str
    verdict: Literal["passed", "failed", "not_proven"]
    reason: str
    """Why not proven; else empty."""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    new_failures: int = 0
    """Failures that the build before did not have."""
    failures: tuple[Failure, ...] = ()
    left_off: int = 0
    """Failures that are not listed."""
    coverage: float | None = None
    """Percent of lines; None: not measured."""


def run(client: JenkinsClient, params: GetTestResults, *, say: Say) -> TestResults:
    """Return counts, failures and coverage; a build without a report proves nothing."""
    build = builds.require(client, params.job_name, params.build_number)
    counts = reports.counts(client, build.job, build.number)
    failed = failures.of(client, build.job, build.number) if counts and counts.failed else ()
    reason = _doubt(build, counts)
    verdict = "failed" if counts and counts.failed else "not_proven" if reason else "passed"
    say(f"Tests of {build.name}: {verdict.replace('_', ' ')}{': ' + reason if reason else ''}.")
    return TestResults(
        job=build.job,
        build_number=build.number,
        url=build.url,
        verdict=verdict,
        reason=reason if verdict == "not_proven" else "",
        **(counts or TestCounts(passed=0, failed=0, skipped=0)).model_dump(),
        new_failures=sum(each.is_new for each in failed),
        failures=failed[: params.limit],
        left_off=max(0, (counts.failed if counts else 0) - min(params.limit, len(failed))),
        coverage=reports.coverage(client, build.job, build.number),
    )


def _doubt(build: Build, counts: TestCounts | None) -> str:
    """Say why the tests prove nothing, or nothing."""
    if not build.over:
        return "the build still runs, and its report may grow"
    if counts is None:
        return "there is no test report: no tests were published, or the build broke before them"
    if not counts.passed:
        return "no test passed"
    if build.state not in ("passed", "unstable"):
        return f"the build was {build.state.replace('_', ' ')} (Jenkins: {build.result})"
    return ""
