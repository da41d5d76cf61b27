"""What the jobs are: parameters, commands, and what is kept of a build.

A command is an argument list in which `{commit}` and the like stand for whole values: what a
caller sends is never read by a shell. Both jobs check out the repository at `branch` first.
"""

from dataclasses import dataclass

from opsbot.sandbox import machine

Value = str | bool


@dataclass(frozen=True)
class Parameter:
    """A parameter that a job declares."""

    name: str
    default: Value = ""
    description: str = ""
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What Jenkins calls this kind of parameter, without its ending."""
        if self.choices:
            return "Choice"
        return "Boolean" if isinstance(self.default, bool) else "String"


@dataclass(frozen=True)
class Command:
    """One command of a job."""

    stage: str
    arguments: tuple[str, ...]
    judged_by_tests: bool = False
    """A failing end is not the build's, if failed tests explain it: those make it unstable."""


@dataclass(frozen=True)
class Job:
    """A job of the server."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    commands: tuple[Command, ...]
    artifacts: tuple[str, ...] = ()
    """Patterns of files that are kept."""
    tests: str = ""
    """The JUnit report to publish."""
    coverage: str = ""
    """The lcov report to publish."""
    sources: tuple[str, ...] = ()
    """What the coverage is of: tests and tools do not count."""
    first_build_number: int = 1


BRANCH = Parameter("branch", "main", "Branch, commit, or refs/tags/... to check out")
RUN = Parameter("OPSBOT_RUN", "", "Names the caller's attempt, so that it finds its build again")


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
        commands=(
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
        commands=(
            Command("Test", ("node", "scripts/test.js", "{test_suite}"), judged_by_tests=True),
            Command("Analysis", scanner),
        ),
        artifacts=("report-task.txt", "reports/*"),
        tests="reports/junit.xml",
        coverage="reports/lcov.info",
        sources=("src", "server.js"),
    )
