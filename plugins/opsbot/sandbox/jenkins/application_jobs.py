"""The two jobs of each application of the sandbox: its build and its tests.

All applications are made from the sample application's sources, each under its own name.
"""

from opsbot.sandbox import machine
from opsbot.sandbox.jenkins.jobs import BRANCH, RUN, Command, Job, Parameter
from opsbot.sandbox.jenkins.scanners import REPORT_TASK, Scanner

DEFAULT = "my-application"
APPLICATIONS = (DEFAULT, "payments-api", "web-frontend", "search-indexer")


def of_all(scanner: Scanner) -> tuple[Job, ...]:
    """Return the jobs of all applications."""
    return tuple(job for name in APPLICATIONS for job in (build_job(name), test_job(name, scanner)))


def build_job(application: str) -> Job:
    """Return the job that builds an application."""
    archive = ("git", "-c", "tar.umask=0022", "archive", "--format=tar")
    return Job(
        name=f"{'production' if application == DEFAULT else application}-build-pipeline",
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


def test_job(application: str, scanner: Scanner) -> Job:
    """Return the job that tests an application and sends it to SonarQube."""
    project = f"-Dsonar.projectKey={application}"
    return Job(
        name=f"{application}-tests",
        description="Runs the tests and uploads an analysis to SonarQube",
        parameters=(
            BRANCH,
            Parameter("test_suite", "all", "Which tests", ("all", "unit", "integration")),
            RUN,
        ),
        steps=(
            Command("Test", ("node", "scripts/test.js", "{test_suite}"), judged_by_tests=True),
            Command("Analysis", (*scanner.command, project)),
        ),
        artifacts=(REPORT_TASK, "reports/*"),
        tests="reports/junit.xml",
        coverage="reports/lcov.info",
        sources=("src", "server.js"),
    )
