"""What SonarQube's tools found, in a line: what was not measured is never a number or a pass."""

from typing import Any

import pytest

from opsbot.planning import outputs

COVERAGE = {"coverage": 87.5, "lines_to_cover": 80, "uncovered_lines": 10, "reason": ""}
COPIES = {"duplicated_lines_density": 4.2, "duplicated_lines": 60, "duplicated_files": 2}


@pytest.mark.parametrize(
    ("tool", "output", "words"),
    [
        (
            "get_quality_gate",
            {"quality_gate": "overall", "verdict": "passed", "reason": ""},
            "Quality gate overall: passed",
        ),
        (
            "get_quality_gate",
            {"quality_gate": "overall", "verdict": "not_measured", "reason": "No report."},
            "Quality gate overall: not measured - No report.",
        ),
        ("get_code_coverage", COVERAGE, "Coverage: 87.5% - 10 of 80 lines uncovered"),
        (
            "get_code_coverage",
            COVERAGE | {"coverage": None, "reason": "No line is covered."},
            "Coverage: not measured - No line is covered.",
        ),
        (
            "get_code_smells",
            {"total": 3, "by_severity": {"MAJOR": 1, "INFO": 2}},
            "3 code smells - 1 major, 2 info",
        ),
        (
            "get_security_hotspots",
            {"total": 1, "status": "TO_REVIEW", "by_probability": {"HIGH": 1, "LOW": 0}},
            "1 security hotspots to review - 1 high, 0 low",
        ),
        (
            "get_measures",
            {"measures": {"bugs": "1"}, "not_measured": ["tests"]},
            "Measures: bugs 1; not measured: tests",
        ),
        ("get_duplications", COPIES, "Duplicated code: 4.2% of lines, 60 in 2 files"),
        (
            "get_duplications",
            COPIES | {"duplicated_lines_density": None},
            "Duplicated code: not measured",
        ),
        (
            "list_projects",
            {"projects": [{"key": "orders-api"}], "total": 4, "left_off": 3},
            "4 projects in SonarQube - orders-api and 3 more",
        ),
        (
            "get_server_health",
            {"version": "10.7", "status": "UP", "health": "not_measured", "token": "valid"},
            "SonarQube 10.7 is UP - health: not measured, token: valid",
        ),
    ],
)
def test_an_output_is_a_line_of_words(tool: str, output: dict[str, Any], words: str) -> None:
    assert outputs.in_words(tool, output) == words
