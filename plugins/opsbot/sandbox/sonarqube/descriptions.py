"""What the Web API says of tasks, projects, issues and measures: numbers are texts."""

import hashlib
from typing import Any

from opsbot.sandbox.sonarqube.analysis import Analysis
from opsbot.sandbox.sonarqube.gates import SONAR_WAY, Condition, Gate
from opsbot.sandbox.sonarqube.rules import Finding
from opsbot.sandbox.sonarqube.tasks import Project, Task

Json = dict[str, Any]
QUALITIES = {
    "VULNERABILITY": "SECURITY",
    "BUG": "RELIABILITY",
    "CODE_SMELL": "MAINTAINABILITY",
}
IMPACTS = {"BLOCKER": "HIGH", "CRITICAL": "HIGH", "MAJOR": "MEDIUM", "MINOR": "LOW", "INFO": "LOW"}
BEST = {"coverage": "100.0", "line_coverage": "100.0", "branch_coverage": "100.0"}
NO_BEST = ("ncloc", "files", "lines_to_cover", "alert_status")


def task(found: Task) -> Json:
    """Describe a task; what is not known yet is left out."""
    described: Json = {
        "id": found.id,
        "type": "REPORT",
        "componentId": found.component_id,
        "componentKey": found.report.project_key,
        "componentName": found.report.project_name,
        "componentQualifier": "TRK",
        "status": found.status,
        "submittedAt": found.submitted,
        "submitterLogin": "admin",
        "startedAt": found.started,
        "executedAt": found.executed,
        "analysisId": found.analysis.id if found.status == "SUCCESS" and found.analysis else None,
        "errorMessage": found.problem,
        "warnings": [],
        "infoMessages": [],
    }
    return {name: value for name, value in described.items() if value is not None}


def project(found: Project) -> Json:
    """Describe a project."""
    described: Json = {"key": found.key, "name": found.name, "qualifier": "TRK"}
    described |= {"tags": [], "visibility": "public"}
    if found.newest:
        dates = {"analysisDate": found.newest.date, "version": found.newest.version}
        return described | dates
    return described


def file(project_key: str, path: str) -> Json:
    """Describe a file."""
    described = {"key": f"{project_key}:{path}", "name": path.rpartition("/")[2]}
    return described | {"qualifier": "FIL", "path": path, "language": "js"}


def branch(found: Project) -> Json:
    """Describe the one branch of a project."""
    described: Json = {"name": "main", "isMain": True, "type": "BRANCH", "status": {}}
    if found.newest:
        status = {"qualityGateStatus": found.newest.gate["status"]}
        return described | {"status": status, "analysisDate": found.newest.date}
    return described


def analysis(found: Analysis) -> Json:
    """Describe an analysis."""
    described: Json = {"key": found.id, "date": found.date, "events": []}
    described |= {"projectVersion": found.version}
    return described | ({"revision": found.revision} if found.revision else {})


def gate(found: Gate) -> Json:
    """Describe a gate."""
    return {
        "name": found.name,
        "conditions": [condition(each) for each in found.conditions],
        "isBuiltIn": found is SONAR_WAY,
        "isDefault": found is SONAR_WAY,
    }


def condition(found: Condition) -> Json:
    """Describe a condition of a gate."""
    described = {"id": found.id, "metric": found.metric}
    return described | {"op": found.comparator, "error": found.threshold}


def measure(name: str, value: str) -> Json:
    """Describe a measure."""
    described: Json = {"metric": name, "value": value}
    if name in NO_BEST:
        return described
    best = BEST.get(name, "1.0" if name.endswith("_rating") else "0")
    return described | {"bestValue": float(value) == float(best)}


def issue(project_key: str, analysis: Analysis, found: Finding) -> Json:
    """Describe an issue; its key is the same as long as it stays in its place."""
    rule = found.rule
    impact = {"softwareQuality": QUALITIES[rule.kind], "severity": IMPACTS[rule.severity]}
    return _place(project_key, analysis, found) | {
        "rule": rule.key,
        "severity": rule.severity,
        "type": rule.kind,
        "effort": f"{rule.effort}min",
        "debt": f"{rule.effort}min",
        "impacts": [impact],
        "status": "OPEN",
        "issueStatus": "OPEN",
        "tags": [],
    }


def hotspot(project_key: str, analysis: Analysis, found: Finding) -> Json:
    """Describe a hotspot."""
    return _place(project_key, analysis, found) | {
        "ruleKey": found.rule.key,
        "securityCategory": found.rule.category,
        "vulnerabilityProbability": found.rule.severity,
        "status": "TO_REVIEW",
    }


def _place(project_key: str, analysis: Analysis, found: Finding) -> Json:
    place = f"{project_key}:{found.path}:{found.line}:{found.start}:{found.rule.key}"
    return {
        "key": hashlib.sha256(place.encode()).hexdigest()[:32],
        "project": project_key,
        "component": f"{project_key}:{found.path}",
        "line": found.line,
        "textRange": {
            "startLine": found.line,
            "endLine": found.line,
            "startOffset": found.start,
            "endOffset": found.end,
        },
        "message": found.rule.message,
        "author": "",
        "flows": [],
        "creationDate": analysis.date,
        "updateDate": analysis.date,
    }
