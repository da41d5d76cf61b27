"""Read how much code is duplicated and where: groups of places that hold the same lines.

A group's places may be in one file, in several, or in another project. `duplications/show` takes
the key of a file; for a project's it is an empty success.
"""

from typing import Any, Literal

from opsbot.capabilities.sonarqube.get_duplications import GetDuplications
from opsbot.integrations.sonarqube import findings, measures, project
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.integrations.sonarqube.measures import Measures
from opsbot.integrations.sonarqube.project import Project, Reading
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say

TOTALS = (
    "duplicated_lines",
    "duplicated_blocks",
    "duplicated_files",
    "duplicated_lines_density",
)
OF_A_FILE = ("duplicated_lines", "duplicated_lines_density")
MOST_GROUPS = 20
MOST_PLACES = 20


class Place(Value):
    """Lines of a file."""

    file: str | None
    """None: a file that is gone."""
    first_line: int
    lines: int


class DuplicatedFile(Value):
    """A file and what in it is also elsewhere."""

    path: str
    duplicated_lines: int
    duplicated_lines_density: float | None
    groups: tuple[tuple[Place, ...], ...]
    """Each: places with the same lines."""
    groups_left_off: int


class Duplications(Reading):
    """Counts are None where they were not measured."""

    status: Literal["measured", "not_measured"]
    duplicated_lines: int | None
    duplicated_blocks: int | None
    duplicated_files: int | None
    duplicated_lines_density: float | None
    """Per cent of all lines."""
    files: tuple[DuplicatedFile, ...]
    files_left_off: int


def run(client: SonarClient, params: GetDuplications, *, say: Say) -> Duplications:
    """Return the duplications; `StepFailed` where the project was never analysed."""
    found = project.analysed(client, params, say)
    values = measures.of_project(client, found, TOTALS)
    files = tuple(
        _file(client, found, key, of_file)
        for key, of_file in measures.of_files(client, found, OF_A_FILE, params.files)
        if measures.count(of_file, "duplicated_lines")
    )
    project.require_unchanged(client, found)
    density = measures.number(values, "duplicated_lines_density")
    counts = {metric: measures.count(values, metric) for metric in TOTALS[:3]}
    return Duplications(
        **found.model_dump(),
        status="not_measured" if density is None else "measured",
        **counts,
        duplicated_lines_density=density,
        files=files,
        files_left_off=max(0, (counts["duplicated_files"] or 0) - len(files)),
    )


def _file(client: SonarClient, found: Project, key: str, values: Measures) -> DuplicatedFile:
    answer = client.get("duplications/show", key=key, **found.scope)
    groups = answer.get("duplications") or []
    files = answer.get("files") or {}
    return DuplicatedFile(
        path=findings.path(key, found.project_key),
        duplicated_lines=measures.count(values, "duplicated_lines") or 0,
        duplicated_lines_density=measures.number(values, "duplicated_lines_density"),
        groups=tuple(_group(each, files, found) for each in groups[:MOST_GROUPS]),
        groups_left_off=max(0, len(groups) - MOST_GROUPS),
    )


def _group(group: dict[str, Any], files: dict[str, Any], found: Project) -> tuple[Place, ...]:
    blocks = (group.get("blocks") or [])[:MOST_PLACES]
    return tuple(
        Place(
            file=_named(files.get(str(block.get("_ref"))), found),
            first_line=int(block["from"]),
            lines=int(block["size"]),
        )
        for block in blocks
    )


def _named(file: dict[str, Any] | None, found: Project) -> str | None:
    return findings.path(file.get("key"), found.project_key) if file else None
