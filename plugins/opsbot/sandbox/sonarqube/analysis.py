"""From a report to an analysis: findings, measures, and the gate's verdict on them."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opsbot.sandbox import lcov
from opsbot.sandbox.sonarqube import duplications, gates, measuring, rules
from opsbot.sandbox.sonarqube.duplications import Group
from opsbot.sandbox.sonarqube.gates import Gate
from opsbot.sandbox.sonarqube.rules import Finding


@dataclass(frozen=True)
class Report:
    """What a scanner uploads."""

    project_key: str
    project_name: str
    version: str
    files: dict[str, str]
    """Sources by path."""
    coverage: str
    """The lcov report, empty where there is none."""
    date: str = ""
    """The day that the sources are said to be of; empty: now."""
    revision: str = ""
    """The commit; empty where the scanner found no repository."""


@dataclass(frozen=True)
class Analysis:
    """A finished analysis."""

    id: str
    date: str
    version: str
    findings: tuple[Finding, ...]
    measures: dict[str, str]
    by_file: dict[str, dict[str, str]]
    """Measures of each file."""
    duplications: tuple[Group, ...]
    gate: dict[str, Any]
    """The verdict, as the API tells it."""
    revision: str = ""


def analyse(report: Report, gate: Gate) -> Analysis:
    """Analyse a report."""
    found = tuple(
        finding
        for path, text in sorted(report.files.items())
        for finding in rules.findings(path, text)
    )
    coverage = lcov.parse(report.coverage)
    groups = duplications.find(report.files)
    measures = measuring.measure(report.files, found, coverage, groups)
    by_file = {
        path: measuring.measure({path: text}, found, coverage, groups)
        for path, text in sorted(report.files.items())
    }
    verdict = gates.judge(gate.conditions, measures)
    return Analysis(
        id=str(uuid.uuid4()),
        date=report.date or stamp(),
        version=report.version,
        findings=found,
        measures=measures | {"alert_status": verdict["status"]},
        by_file=by_file,
        duplications=groups,
        gate=verdict,
        revision=report.revision,
    )


def stamp(moment: datetime | None = None) -> str:
    """Write a time as SonarQube does."""
    return (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S+0000")
