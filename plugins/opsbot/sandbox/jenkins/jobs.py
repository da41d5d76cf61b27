"""What jobs and folders are: parameters, steps, and what is kept of a build.

A command is an argument list in which `{commit}` and the like stand for whole values: what a
caller sends is never read by a shell. A full name is the path through the folders, `team/app`; a
multibranch project keeps its branch `feature/x` under the name `feature%2Fx`.
"""

from dataclasses import dataclass
from typing import Literal

Value = str | bool


@dataclass(frozen=True)
class Parameter:
    """A parameter that a job or an input step declares."""

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

    @property
    def standard(self) -> Value:
        """What it is where nobody says."""
        return self.choices[0] if self.choices else self.default


@dataclass(frozen=True)
class Command:
    """One command of a job."""

    stage: str
    arguments: tuple[str, ...]
    judged_by_tests: bool = False
    """A failing end is not the build's, if failed tests explain it: those make it unstable."""


@dataclass(frozen=True)
class Input:
    """An `input` step: the build waits, for days if it must, until somebody answers."""

    stage: str
    id: str
    message: str
    parameters: tuple[Parameter, ...] = ()


Step = Command | Input


@dataclass(frozen=True)
class Job:
    """A pipeline job of the server."""

    name: str
    """The full name."""
    description: str
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    artifacts: tuple[str, ...] = ()
    """Patterns of files that are kept."""
    tests: str = ""
    """The JUnit report to publish."""
    coverage: str = ""
    """The lcov report to publish."""
    sources: tuple[str, ...] = ()
    """What the coverage is of: tests and tools do not count."""
    first_build_number: int = 1
    checks_out: bool = True
    """Whether a build begins with the repository at `branch`."""
    is_buildable: bool = True
    """False: disabled, or its branch is gone."""
    is_concurrent: bool = True
    """False: a build waits for the one before it."""
    aborts_previous: bool = False
    """Whether a new build takes the place of the one that runs."""

    @property
    def own_name(self) -> str:
        """The name without its folders."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Folder:
    """What holds jobs and further folders."""

    name: str
    kind: Literal["folder", "multibranch"] = "folder"

    @property
    def own_name(self) -> str:
        """The name without the folders around it."""
        return self.name.rpartition("/")[2]


BRANCH = Parameter("branch", "main", "Branch, commit, or refs/tags/... to check out")
RUN = Parameter("OPSBOT_RUN", "", "Names the caller's attempt, so that it finds its build again")
