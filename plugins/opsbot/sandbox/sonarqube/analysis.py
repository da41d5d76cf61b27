"""From a report to an analysis: findings, measures, and the gate's verdict on them."""

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opsbot.sandbox import lcov
from opsbot.sandbox.sonarqube import rules
from opsbot.sandbox.sonarqube.rules import Finding

DUPLICATED_LINES = 10
"""So many equal lines in a row are a duplicated block."""
RATINGS = {"BLOCKER": 5, "CRITICAL": 4, "MAJOR": 3, "MINOR": 2, "INFO": 1}
KINDS = {"bugs": "BUG", "vulnerabilities": "VULNERABILITY", "code_smells": "CODE_SMELL"}
DEBT_RATINGS = (5, 10, 20, 50)
"""Up to this percentage of the cost of writing the code, a debt is rated A, B, C, D."""


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


@dataclass(frozen=True)
class Condition:
    """One condition of the gate: what is too much, or too little."""

    metric: str
    comparator: str
    threshold: str

    def fails(self, value: str) -> bool:
        """Tell whether a value fails it."""
        actual, limit = float(value), float(self.threshold)
        return actual > limit if self.comparator == "GT" else actual < limit


@dataclass(frozen=True)
class Analysis:
    """A finished analysis."""

    id: str
    date: str
    version: str
    findings: tuple[Finding, ...]
    measures: dict[str, str]
    gate: dict[str, Any]
    """The verdict, as the API tells it."""


GATE_NAME = "production-gate"
GATE = (
    Condition("vulnerabilities", "GT", "0"),
    Condition("bugs", "GT", "0"),
    Condition("coverage", "LT", "80"),
    Condition("security_rating", "GT", "1"),
    Condition("reliability_rating", "GT", "1"),
    Condition("duplicated_lines_density", "GT", "3"),
    Condition("security_hotspots_reviewed", "LT", "100"),
)


def analyse(report: Report) -> Analysis:
    """Analyse a report."""
    found = tuple(
        finding
        for path, text in sorted(report.files.items())
        for finding in rules.findings(path, text)
    )
    measures = _counts(report, found) | _coverage(report) | _duplications(report)
    gate = judge(measures)
    measures |= {"alert_status": gate["status"]}
    return Analysis(str(uuid.uuid4()), stamp(), report.version, found, measures, gate)


def stamp(moment: datetime | None = None) -> str:
    """Write a time as SonarQube does."""
    return (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def judge(measures: dict[str, str]) -> dict[str, Any]:
    """Return the gate's verdict; a condition without a value is not among its conditions."""
    conditions = []
    for condition in GATE:
        if (value := measures.get(condition.metric)) is None:
            continue
        is_rating = condition.metric.endswith("_rating")
        conditions.append(
            {
                "status": "ERROR" if condition.fails(value) else "OK",
                "metricKey": condition.metric,
                "comparator": condition.comparator,
                "errorThreshold": condition.threshold,
                "actualValue": value.removesuffix(".0") if is_rating else value,
            }
        )
    failed = any(each["status"] == "ERROR" for each in conditions)
    status = "ERROR" if failed else "OK"
    return {"status": status, "conditions": conditions, "ignoredConditions": False}


def _counts(report: Report, found: Iterable[Finding]) -> dict[str, str]:
    by_kind: dict[str, list[Finding]] = {}
    for finding in found:
        by_kind.setdefault(finding.rule.kind, []).append(finding)
    hotspots = len(by_kind.get("SECURITY_HOTSPOT", []))
    lines = sum(
        1
        for text in report.files.values()
        for line in rules.without_comments(text).split("\n")
        if line.strip()
    )
    smells = by_kind.get("CODE_SMELL", [])
    minutes = sum(finding.rule.effort for finding in smells)
    measures = {metric: str(len(by_kind.get(kind, []))) for metric, kind in KINDS.items()}
    measures |= {
        "security_hotspots": str(hotspots),
        "ncloc": str(lines),
        "files": str(len(report.files)),
        "sqale_index": str(minutes),
        "security_rating": _rating(by_kind.get("VULNERABILITY", [])),
        "reliability_rating": _rating(by_kind.get("BUG", [])),
        # Writing a line is taken to cost half an hour, as SonarQube does.
        "sqale_rating": f"{1 + sum(100 * minutes > each * 30 * lines for each in DEBT_RATINGS)}.0",
    }
    # Nobody can review a hotspot here, so what there is, is not reviewed.
    return measures | ({"security_hotspots_reviewed": "0.0"} if hotspots else {})


def _rating(found: list[Finding]) -> str:
    return f"{max((RATINGS[finding.rule.severity] for finding in found), default=1)}.0"


def _coverage(report: Report) -> dict[str, str]:
    """Return coverage; sources that no report speaks of count as uncovered lines."""
    known = lcov.parse(report.coverage)
    lines = covered = branches = taken = 0
    for path, text in report.files.items():
        file = known.get(path)
        if file is None:
            bare = rules.without_comments(text).split("\n")
            lines += sum(1 for line in bare if line.strip())
            continue
        lines += len(file.lines)
        covered += file.covered_lines
        branches += len(file.branches)
        taken += file.covered_branches
    if not lines:
        return {}
    measures = {
        "lines_to_cover": str(lines),
        "uncovered_lines": str(lines - covered),
        "line_coverage": _one_digit(100 * covered / lines),
        "coverage": _one_digit(100 * (covered + taken) / (lines + branches)),
    }
    return measures | ({"branch_coverage": _one_digit(100 * taken / branches)} if branches else {})


def _duplications(report: Report) -> dict[str, str]:
    """Count lines that stand in equal blocks of lines, within a file or between files."""
    blocks: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    total = 0
    for path, text in report.files.items():
        lines = [line.strip() for line in rules.without_comments(text).split("\n")]
        total += len(lines)
        numbered = [(number, line) for number, line in enumerate(lines) if len(line) > 1]
        for first in range(len(numbered) - DUPLICATED_LINES + 1):
            window = numbered[first : first + DUPLICATED_LINES]
            key = tuple(line for _, line in window)
            blocks.setdefault(key, []).extend((path, number) for number, _ in window)
    twice = [places for places in blocks.values() if len(places) > DUPLICATED_LINES]
    duplicated = len({place for places in twice for place in places})
    density = 100 * duplicated / total if total else 0.0
    return {
        "duplicated_lines": str(duplicated),
        "duplicated_lines_density": _one_digit(density),
        "duplicated_blocks": str(len(twice)),
    }


def _one_digit(value: float) -> str:
    # Rounded down: 79.96 % is not 80 %.
    return f"{math.floor(value * 10) / 10:.1f}"
