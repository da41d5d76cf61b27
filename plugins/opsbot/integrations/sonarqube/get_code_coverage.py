"""Read a project's coverage in per cent, and the files that lack most.

Without a coverage report, and with one whose paths match no file, SonarQube reports 0.0 %: it
cannot be told from tests that run nothing. Where no line is covered, nothing was measured.
"""

from typing import Literal

from opsbot.capabilities.sonarqube.get_code_coverage import GetCodeCoverage
from opsbot.integrations.sonarqube import findings, measures, project
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.measures import Measures
from opsbot.integrations.sonarqube.project import Project, Reading
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

PERCENTAGES = ("coverage", "line_coverage", "branch_coverage", "new_coverage")
LINES = ("lines_to_cover", "uncovered_lines")
OF_A_FILE = ("uncovered_lines", "coverage")


class FileCoverage(Value):
    """A file that lacks coverage."""

    path: str
    uncovered_lines: int
    coverage: float | None


class Coverage(Reading):
    """Percentages are from 0 to 100; None is not measured."""

    status: Literal["measured", "not_measured"]
    reason: str
    """Why nothing was measured; empty where something was."""
    coverage: float | None
    line_coverage: float | None
    branch_coverage: float | None
    new_coverage: float | None
    """Of the lines that are new since the period began."""
    lines_to_cover: int | None
    uncovered_lines: int | None
    files: tuple[FileCoverage, ...]
    more_files: bool
    """Whether further files lack coverage."""


def run(client: SonarClient, params: GetCodeCoverage, *, say: Say) -> Coverage:
    """Return the coverage; `StepFailed` where the project was never analysed."""
    found = project.analysed(client, params, say)
    values = measures.of_project(client, found, PERCENTAGES + LINES)
    files = _files(client, found, params.files + 1)
    project.require_unchanged(client, found)
    reason = _why_not(values, params.project_key)
    known = {} if reason else values
    if reason:
        say(reason)
    return Coverage(
        **found.model_dump(),
        status="not_measured" if reason else "measured",
        reason=reason,
        **{metric: measures.number(known, metric) for metric in PERCENTAGES},
        **{metric: measures.count(values, metric) for metric in LINES},
        files=files[: params.files],
        more_files=len(files) > params.files,
    )


def _why_not(values: Measures, key: str) -> str:
    lines, uncovered = (measures.count(values, metric) for metric in LINES)
    if lines is None or uncovered is None or "coverage" not in values:
        return f"SonarQube measured no coverage of {key}."
    if lines == 0:
        return f"{key} has no line that could be covered."
    if uncovered >= lines and not measures.number(values, "coverage"):
        return (
            f"No line of {key} is covered: did a coverage report arrive, and do its paths match? "
            "The scanner's log tells."
        )
    return ""


def _files(client: SonarClient, found: Project, most: int) -> tuple[FileCoverage, ...]:
    return tuple(
        FileCoverage(
            path=findings.path(key, found.project_key),
            uncovered_lines=uncovered,
            coverage=measures.number(values, "coverage"),
        )
        for key, values in measures.of_files(client, found, OF_A_FILE, most)
        if (uncovered := measures.count(values, "uncovered_lines"))
    )
