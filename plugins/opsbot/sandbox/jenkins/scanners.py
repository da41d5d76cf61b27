"""The scanner that the test jobs run: the sandbox's own, or the real one for a real SonarQube.

The real one is `pysonar`, of SonarQube's makers. It takes the engine that analyses, a Java to run
it and the analyzers from the server itself (SonarQube 10.6 or later) and keeps them in the folder
`SONAR_USER_HOME`. Both scanners find the server's address and the token in their environment, and
write `report-task.txt` into the folder `.scannerwork`.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from opsbot.sandbox import machine
from opsbot.sandbox.machine import NotThere

REPORT_TASK = ".scannerwork/report-task.txt"


@dataclass(frozen=True)
class Scanner:
    """A scanner's command, which takes settings as `-Dname=value`, and what it must know."""

    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)


def own() -> Scanner:
    """Return the scanner that speaks to the sandbox's SonarQube."""
    return Scanner((machine.python(), "-m", "opsbot.sandbox.sonarqube.scanner"))


def real(state: Path) -> Scanner:
    """Return the scanner for a real SonarQube; what it fetches stays in a folder of `state`."""
    beside_python = str(Path(machine.python()).parent)
    found = shutil.which("pysonar", path=beside_python) or shutil.which("pysonar")
    if found is None:
        raise NotThere(
            "A real SonarQube needs its scanner, pysonar: install the package with its extra live."
        )
    kept = os.environ.get("SONAR_USER_HOME") or str(state / "scanner")
    return Scanner((found,), {"SONAR_USER_HOME": kept})
