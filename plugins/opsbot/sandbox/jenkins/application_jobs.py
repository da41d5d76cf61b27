"""The two jobs of the sandbox's application: its build and its tests."""

from opsbot.sandbox import machine
from opsbot.sandbox.jenkins.jobs import BRANCH, RUN, Command, Job, Parameter


def build_job() -> Job:
    """Return the job that builds the application."""
    archive = ("git", "-c", "tar.umask=0022", "archive", "--format=tar")
    return Job(
        name="production-build-pipeline",
        description="Checks the sources and archives what an image is made from",
        parameters=(
            BRANCH,
            Parameter("environment", "production", "Where the build is meant to run"),
            Parameter("clean_build", True, "Begin with an empty workspace"),
            RUN,
        ),
        steps=(
            Command("Build", ("node", "scripts/build.js")),
            Command("Archive", (*archive, "--output=application.tar", "{commit}")),
            Command("Archive", (machine.python(), "-m", "opsbot.sandbox.jenkins.record")),
        ),
        artifacts=("application.tar", "build.json", "dist/*"),
        first_build_number=142,
    )


def test_job() -> Job:
    """Return the job that tests the application and sends it to SonarQube."""
    scanner = (machine.python(), "-m", "opsbot.sandbox.sonarqube.scanner")
    return Job(
        name="my-application-tests",
        description="Runs the tests and uploads an analysis to SonarQube",
        parameters=(
            BRANCH,
            Parameter("test_suite", "all", "Which tests", ("all", "unit", "integration")),
            RUN,
        ),
        steps=(
            Command("Test", ("node", "scripts/test.js", "{test_suite}"), judged_by_tests=True),
            Command("Analysis", scanner),
        ),
        artifacts=("report-task.txt", "reports/*"),
        tests="reports/junit.xml",
        coverage="reports/lcov.info",
        sources=("src", "server.js"),
    )
