"""Calls that tell measures: of a project, of its files, and where its copies stand."""

from opsbot.sandbox.loopback import Request
from opsbot.sandbox.sonarqube import descriptions, problems, searching
from opsbot.sandbox.sonarqube.descriptions import Json
from opsbot.sandbox.sonarqube.duplications import Group
from opsbot.sandbox.sonarqube.tasks import Project, Server

METRICS = (
    "alert_status branch_coverage bugs code_smells coverage duplicated_blocks duplicated_files "
    "duplicated_lines duplicated_lines_density files line_coverage lines_to_cover ncloc "
    "new_coverage new_violations reliability_rating security_hotspots security_hotspots_reviewed "
    "security_rating sqale_index sqale_rating tests uncovered_lines vulnerabilities"
)


def of_project(server: Server, request: Request) -> Json:
    """Return the measures of a project; what has no value is left out."""
    project = problems.project(server, request, "component", problems.COMPONENT)
    wanted = _metrics(request)
    known = project.newest.measures if project.newest else {}
    return {"component": _described(project) | {"measures": _measures(wanted, known)}}


def of_files(server: Server, request: Request) -> Json:
    """Return the measures of a project's files, sorted by one of them."""
    project = problems.project(server, request, "component", problems.COMPONENT)
    wanted, sort = _metrics(request), problems.required(request, "metricSort")
    by_file = project.newest.by_file if project.newest else {}
    # As `metricSortFilter=withMeasuresOnly` says.
    found = [
        descriptions.file(project.key, path) | {"measures": _measures(wanted, known)}
        for path, known in sorted(
            by_file.items(),
            key=lambda file: float(file[1].get(sort, "0")),
            reverse=request.first("asc", "true") in ("false", "no"),
        )
        if sort in known
    ]
    page, paging = searching.paged(request, found)
    base = _described(project) | {"measures": []}
    return {"paging": paging, "baseComponent": base, "components": page}


def copies(server: Server, request: Request) -> Json:
    """Return what in a file is also elsewhere; a project's key is an empty success."""
    key = problems.required(request, "key")
    project = server.projects.get(key.partition(":")[0]) or server.projects.get(key)
    path = key.removeprefix(f"{project.key}:") if project else ""
    known = project.newest if project else None
    if project is None or (key != project.key and (known is None or path not in known.by_file)):
        raise problems.problem(404, f"Component key '{key}' not found")
    groups = [
        group
        for group in (known.duplications if known else ())
        if any(block.path == path for block in group)
    ]
    paths = sorted({block.path for group in groups for block in group})
    numbers = {each: str(number) for number, each in enumerate(paths, start=1)}
    return {
        "duplications": [_blocks(group, numbers) for group in groups],
        "files": {number: _file(project, each) for each, number in numbers.items()},
    }


def _metrics(request: Request) -> list[str]:
    wanted = problems.required(request, "metricKeys").split(",")
    if unknown := [each for each in wanted if each not in METRICS.split()]:
        words = f"The following metric keys are not found: {', '.join(unknown)}"
        raise problems.problem(404, words)
    return wanted


def _measures(wanted: list[str], known: dict[str, str]) -> list[Json]:
    return [descriptions.measure(name, known[name]) for name in wanted if name in known]


def _described(project: Project) -> Json:
    return {"key": project.key, "name": project.name, "qualifier": "TRK"}


def _blocks(group: Group, numbers: dict[str, str]) -> Json:
    blocks = [{"from": each.first, "size": each.size, "_ref": numbers[each.path]} for each in group]
    return {"blocks": blocks}


def _file(project: Project, path: str) -> Json:
    described = {"key": f"{project.key}:{path}", "name": path}
    return described | {"project": project.key, "projectName": project.name}
