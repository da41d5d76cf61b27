"""What the outputs of SonarQube's tools mean, in a line a person can read."""

from collections.abc import Callable, Mapping
from typing import Any

_SEVERE = ("CRITICAL", "HIGH")


def _quality(output: Mapping[str, Any]) -> str:
    return (
        f"Quality gate {output['quality_gate']}: {output['status']} - {output['bugs']} bugs, "
        f"{output['vulnerabilities']} vulnerabilities, {output['code_smells']} code smells"
    )


def _security(output: Mapping[str, Any]) -> str:
    counts = {name: int(number) for name, number in output["counts"].items()}
    severe = {name: counts.get(name, 0) for name in _SEVERE}
    first = (
        ", ".join(f"{number} {name.lower()}" for name, number in severe.items())
        if any(severe.values())
        else "No critical/high vulnerabilities"
    )
    others = ", ".join(f"{counts[name]} {name.lower()}" for name in ("MEDIUM", "LOW"))
    return f"{first} - {others}; dependencies: {_spoken(output['dependencies'])}"


def _gate(output: Mapping[str, Any]) -> str:
    reason = f" - {output['reason']}" if output["reason"] else ""
    return f"Quality gate {output['quality_gate']}: {_spoken(output['verdict'])}{reason}"


def _coverage(output: Mapping[str, Any]) -> str:
    if output["coverage"] is None:
        return f"Coverage: not measured - {output['reason']}"
    uncovered = f"{output['uncovered_lines']} of {output['lines_to_cover']} lines uncovered"
    return f"Coverage: {output['coverage']:g}% - {uncovered}"


def _smells(output: Mapping[str, Any]) -> str:
    return f"{output['total']} code smells - {_counted(output['by_severity'])}"


def _hotspots(output: Mapping[str, Any]) -> str:
    status = _spoken(output["status"].lower())
    return f"{output['total']} security hotspots {status} - {_counted(output['by_probability'])}"


def _measures(output: Mapping[str, Any]) -> str:
    measured = ", ".join(f"{metric} {value}" for metric, value in output["measures"].items())
    absent = ", ".join(output["not_measured"])
    return f"Measures: {measured or 'none'}" + (f"; not measured: {absent}" if absent else "")


def _duplications(output: Mapping[str, Any]) -> str:
    if output["duplicated_lines_density"] is None:
        return "Duplicated code: not measured"
    return (
        f"Duplicated code: {output['duplicated_lines_density']:g}% of lines, "
        f"{output['duplicated_lines']} in {output['duplicated_files']} files"
    )


def _projects(output: Mapping[str, Any]) -> str:
    keys = ", ".join(each["key"] for each in output["projects"])
    more = f" and {output['left_off']} more" if output["left_off"] else ""
    return f"{output['total']} projects in SonarQube - {keys or 'none'}{more}"


def _sonarqube(output: Mapping[str, Any]) -> str:
    health, token = _spoken(output["health"]), _spoken(output["token"])
    return f"SonarQube {output['version']} is {output['status']} - health: {health}, token: {token}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.lower()}" for name, number in counts.items())


def _spoken(word: str) -> str:
    return word.replace("_", " ")


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "analyze_project": _quality,
    "get_quality_gate": _gate,
    "get_code_coverage": _coverage,
    "get_vulnerabilities": _security,
    "get_code_smells": _smells,
    "get_security_hotspots": _hotspots,
    "get_measures": _measures,
    "get_duplications": _duplications,
    "list_projects": _projects,
    "get_server_health": _sonarqube,
}
"""By capability; an output without the expected fields raises `KeyError`."""
