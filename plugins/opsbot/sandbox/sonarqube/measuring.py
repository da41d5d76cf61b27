"""Measures of some sources, a project's or a file's: texts, and absent where there is none."""

import math

from opsbot.sandbox.lcov import FileCoverage
from opsbot.sandbox.sonarqube import duplications, rules
from opsbot.sandbox.sonarqube.duplications import Group
from opsbot.sandbox.sonarqube.rules import Finding

RATINGS = {"BLOCKER": 5, "CRITICAL": 4, "MAJOR": 3, "MINOR": 2, "INFO": 1}
KINDS = {
    "bugs": "BUG",
    "vulnerabilities": "VULNERABILITY",
    "code_smells": "CODE_SMELL",
    "security_hotspots": "SECURITY_HOTSPOT",
}
DEBT_RATINGS = (5, 10, 20, 50)
"""Up to this percentage of the cost of writing the code, a debt is rated A, B, C, D."""
LINE_MINUTES = 30
"""What writing a line is taken to cost."""
Files = dict[str, str]
"""Sources by path."""


def measure(
    files: Files,
    found: tuple[Finding, ...],
    coverage: dict[str, FileCoverage],
    groups: tuple[Group, ...],
) -> dict[str, str]:
    """Return the measures of sources by metric key."""
    counted = _counts(files, [each for each in found if each.path in files])
    return counted | _coverage(files, coverage) | _duplications(files, groups)


def _counts(files: Files, found: list[Finding]) -> dict[str, str]:
    kinds = {
        metric: [each for each in found if each.rule.kind == kind] for metric, kind in KINDS.items()
    }
    lines = sum(len(_code(text)) for text in files.values())
    minutes = sum(each.rule.effort for each in kinds["code_smells"])
    debt = 1 + sum(100 * minutes > each * LINE_MINUTES * lines for each in DEBT_RATINGS)
    measures = {metric: str(len(of_kind)) for metric, of_kind in kinds.items()} | {
        "ncloc": str(lines),
        "files": str(len(files)),
        "sqale_index": str(minutes),
        "security_rating": _rating(kinds["vulnerabilities"]),
        "reliability_rating": _rating(kinds["bugs"]),
        "sqale_rating": f"{debt}.0",
    }
    # Nobody can review a hotspot here, so what there is, is not reviewed.
    return measures | ({"security_hotspots_reviewed": "0.0"} if kinds["security_hotspots"] else {})


def _code(text: str) -> list[str]:
    return [line for line in rules.without_comments(text).split("\n") if line.strip()]


def _rating(found: list[Finding]) -> str:
    return f"{max((RATINGS[each.rule.severity] for each in found), default=1)}.0"


def _coverage(files: Files, known: dict[str, FileCoverage]) -> dict[str, str]:
    """Return coverage; sources that no report speaks of count as uncovered lines."""
    lines = covered = branches = taken = 0
    for path, text in files.items():
        if path not in known:
            lines += len(_code(text))
            continue
        file = known[path]
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


def _duplications(files: Files, groups: tuple[Group, ...]) -> dict[str, str]:
    total = sum(text.count("\n") + 1 for text in files.values())
    lines = [duplications.lines_of(groups, path) for path in files]
    blocks = sum(block.path in files for group in groups for block in group)
    return {
        "duplicated_lines": str(sum(lines)),
        "duplicated_blocks": str(blocks),
        "duplicated_files": str(sum(each > 0 for each in lines)),
        "duplicated_lines_density": _one_digit(100 * sum(lines) / total if total else 0.0),
    }


def _one_digit(value: float) -> str:
    # Rounded down: 79.96 % is not 80 %.
    return f"{math.floor(value * 10) / 10:.1f}"
