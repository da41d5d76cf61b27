"""Searches: filters, facets and pages over what analyses found."""

import re
from typing import Any

from opsbot.sandbox.loopback import Request
from opsbot.sandbox.sonarqube import descriptions, problems
from opsbot.sandbox.sonarqube.descriptions import Json
from opsbot.sandbox.sonarqube.tasks import Server

SEVERITIES = ("INFO", "MINOR", "MAJOR", "CRITICAL", "BLOCKER")
VALUES = {
    "types": ("CODE_SMELL", "BUG", "VULNERABILITY"),
    "severities": SEVERITIES,
    "impactSeverities": ("LOW", "MEDIUM", "HIGH"),
    "impactSoftwareQualities": ("MAINTAINABILITY", "RELIABILITY", "SECURITY"),
    "issueStatuses": ("OPEN", "CONFIRMED", "FALSE_POSITIVE", "ACCEPTED", "FIXED"),
    "resolved": ("true", "false", "yes", "no"),
}
MOST = 10_000
LARGEST_PAGE = 500
PROBABILITIES = ("HIGH", "MEDIUM", "LOW")


def values(request: Request, name: str) -> list[str]:
    """Return a parameter's values, separated by commas; one that is none is a 400."""
    found = [each for each in request.first(name).split(",") if each]
    allowed = VALUES.get(name)
    for each in found:
        if allowed and each not in allowed:
            words = f"Value of parameter '{name}' ({each}) must be one of: [{', '.join(allowed)}]"
            raise problems.problem(400, words)
    return found


def issues(server: Server, request: Request) -> Json:
    """Search issues; an unknown project has none."""
    keys = values(request, "components") or values(request, "componentKeys")
    found = [
        descriptions.issue(project.key, project.newest, finding)
        for project in list(server.projects.values())
        if project.newest and (not keys or project.key in keys)
        for finding in project.newest.findings
        if finding.rule.kind != "SECURITY_HOTSPOT"
    ]
    wanted = {name: values(request, name) for name in VALUES}
    fitting = [issue for issue in found if _fits(issue, wanted)]
    if request.first("s") == "SEVERITY":
        backwards = request.first("asc", "true") in ("false", "no")
        fitting.sort(key=lambda issue: SEVERITIES.index(issue["severity"]), reverse=backwards)
    page, paging = paged(request, fitting)
    return {
        "total": paging["total"],
        "p": paging["pageIndex"],
        "ps": paging["pageSize"],
        "paging": paging,
        "effortTotal": sum(int(issue["effort"].removesuffix("min")) for issue in fitting),
        "issues": page,
        "components": [],
        "facets": [_facet(name, found, wanted) for name in values(request, "facets")],
    }


def hotspots(server: Server, request: Request) -> Json:
    """Search a project's hotspots, the most probable first."""
    project = problems.project(server, request, "project")
    found = [
        descriptions.hotspot(project.key, project.newest, finding)
        for finding in (project.newest.findings if project.newest else ())
        if project.newest and finding.rule.kind == "SECURITY_HOTSPOT"
    ]
    found.sort(key=lambda hotspot: PROBABILITIES.index(hotspot["vulnerabilityProbability"]))
    # Hotspots cannot be reviewed here.
    page, paging = paged(request, [] if request.first("status") == "REVIEWED" else found)
    return {"paging": paging, "hotspots": page, "components": []}


def projects(server: Server, request: Request) -> Json:
    """Search projects, by name; the one filter is on the gate's verdict."""
    wanted = _verdict(request.first("filter"))
    known = sorted(server.projects.values(), key=lambda project: project.name)
    found = [
        descriptions.project(each)
        for each in known
        if not wanted or (each.newest and each.newest.gate["status"] == wanted)
    ]
    page, paging = paged(request, found)
    return {"paging": paging, "components": page, "facets": []}


def _verdict(words: str) -> str:
    if not words:
        return ""
    found = re.fullmatch(r"\s*alert_status\s*=\s*\"?(OK|ERROR)\"?\s*", words)
    if found is None:
        raise problems.problem(400, f"Unknown filter: {words}")
    return found[1]


def paged(request: Request, found: list[Any]) -> tuple[list[Any], Json]:
    """Return one page and what is said of it."""
    index, size = _number(request, "p", 1), _number(request, "ps", 100)
    if size > LARGEST_PAGE:
        raise problems.problem(400, f"'ps' value ({size}) must be less than {LARGEST_PAGE}")
    if index * size > MOST:
        words = f"Can return only the first {MOST} results. {index * size}th result asked."
        raise problems.problem(400, words)
    page = found[(index - 1) * size : index * size]
    return page, {"pageIndex": index, "pageSize": size, "total": len(found)}


def _number(request: Request, name: str, otherwise: int) -> int:
    text = request.first(name) or str(otherwise)
    if not text.isdigit() or int(text) < 1:
        raise problems.problem(400, f"'{name}' value '{text}' cannot be parsed as an integer")
    return int(text)


def _fits(issue: Json, wanted: dict[str, list[str]], besides: str = "") -> bool:
    found = {
        "types": issue["type"],
        "severities": issue["severity"],
        "impactSeverities": issue["impacts"][0]["severity"],
        "impactSoftwareQualities": issue["impacts"][0]["softwareQuality"],
        "issueStatuses": issue["issueStatus"],
    }
    if wanted["resolved"] and wanted["resolved"][0] in ("true", "yes"):
        return False
    return all(
        value in wanted[name] for name, value in found.items() if wanted[name] and name != besides
    )


def _facet(name: str, found: list[Json], wanted: dict[str, list[str]]) -> Json:
    """Count by one property; the filter on that property is left out, as SonarQube does."""
    counted = [
        {"val": value, "count": sum(_fits(each, wanted | {name: [value]}) for each in found)}
        for value in VALUES.get(name, ())
    ]
    return {"property": name, "values": [each for each in counted if each["count"]]}
