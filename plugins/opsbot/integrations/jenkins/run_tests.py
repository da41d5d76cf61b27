"""Run an application's tests in Jenkins, once, and judge what they prove.

Green is not enough: tests must have run, none may have failed, and where coverage is demanded it
must have been measured. The job also runs SonarQube's scanner and archives `report-task.txt`,
which names the analysis that the scan steps judge.
"""

import re
from pathlib import PurePosixPath

from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.integrations.jenkins import (
    artifacts,
    builds,
    failures,
    following,
    jobs,
    reports,
    trigger,
)
from opsbot.integrations.jenkins.attempt import Memory
from opsbot.integrations.jenkins.builds import Build
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.following import Ended
from opsbot.integrations.jenkins.reports import TestCounts
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

REPORT_TASK = "report-task.txt"
REPORT_TASK_LIMIT = 64 * 1024
MOST_NAMES = 10
"""Failed tests that are named."""


class AnalysisTask(Value):
    """The analysis that the test job's scanner uploaded."""

    task_id: str
    server_url: str
    project_key: str


class TestOutput(Value):
    """What the tests proved."""

    __test__ = False

    build_number: int
    url: str
    status: str
    passed: int
    failed: int
    skipped: int
    coverage: float | None
    """Percent of lines; None: not measured."""
    job: str
    analysis: AnalysisTask | None


def run(
    client: JenkinsClient,
    params: RunTests,
    *,
    key: str,
    memory: Memory,
    say: Say,
) -> TestOutput:
    """Test the branch and return what that proved; tests of this key are never started twice."""
    branch = jobs.checked_reference(params.branch)
    job = jobs.read(client, params.job_name)
    order = jobs.order(job, {"branch": branch, "test_suite": params.test_suite}, key)
    handle = trigger.once(client, order, memory, say)
    ended = following.to_the_end(client, handle, memory, say)
    counts = _proven(client, ended)
    builds.require_sent(ended.build, order.form)
    coverage = reports.coverage(client, ended.build.job, ended.build.number)
    _require_coverage(ended.build, coverage, params.coverage_required)
    return TestOutput(
        build_number=ended.build.number,
        url=ended.build.url,
        status=str(ended.build.result),
        job=ended.build.job,
        coverage=coverage,
        analysis=analysis_of(client, ended.build),
        **counts.model_dump(),
    )


def _proven(client: JenkinsClient, ended: Ended) -> TestCounts:
    """Return the counts, or raise why the tests prove nothing or prove a fault."""
    build = ended.build
    problem = builds.failure(build, ended.tail)
    if problem and build.result not in ("UNSTABLE", "FAILURE"):
        raise problem
    counts = reports.counts(client, build.job, build.number)
    if counts and counts.failed:
        failed = failures.of(client, build.job, build.number)
        names = ", ".join(each.name for each in failed[:MOST_NAMES])
        total = counts.passed + counts.failed + counts.skipped
        raise StepFailed(
            f"{counts.failed} of {total} tests failed in {build.name}"
            f"{': ' + names if names else ''}. {build.url}"
        )
    if problem:
        raise problem
    if not counts or not counts.passed:
        what = "no test passed" if counts else "there is no test report"
        raise StepFailed(
            f"{build.name} is green, but {what}: the tests are not proven. "
            "Let the job publish its JUnit results."
        )
    return counts


def _require_coverage(build: Build, coverage: float | None, required: int) -> None:
    if required == 0 or (coverage is not None and coverage >= required):
        return
    if coverage is None:
        raise StepFailed(
            f"Coverage of {build.name} is not measured, and {required} % are required. "
            "Let the job publish its coverage."
        )
    raise StepFailed(
        f"Tests of {build.name} cover {coverage} % of lines; {required} % are required."
    )


def analysis_of(client: JenkinsClient, build: Build) -> AnalysisTask | None:
    """Return the analysis that the build's scanner started, or None if it started none."""
    found = [each for each in build.artifacts if PurePosixPath(each).name == REPORT_TASK]
    if not found:
        return None
    if len(found) > 1:
        raise StepFailed(
            f"{build.name} archived {len(found)} files {REPORT_TASK}: which one counts?"
        )
    text = artifacts.content(client, build.job, build.number, found[0], limit=REPORT_TASK_LIMIT)
    facts = dict(
        line.split("=", 1) for line in text.decode(errors="replace").splitlines() if "=" in line
    )
    task_id, project = facts.get("ceTaskId", ""), facts.get("projectKey", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", task_id) or not project:
        raise StepFailed(f"{REPORT_TASK} of {build.name} names no analysis (ceTaskId, projectKey).")
    return AnalysisTask(task_id=task_id, server_url=facts.get("serverUrl", ""), project_key=project)
