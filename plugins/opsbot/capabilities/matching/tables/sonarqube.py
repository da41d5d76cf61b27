"""How MCP servers for SonarQube speak.

What the Web API calls a component is most often a project, named by its key. Coverage, duplications
and all other figures are measures of a component. Issues are bugs, vulnerabilities and code smells
in one list. A server's analysis is made by a scanner, so tools that start one are rare.
"""

from opsbot.capabilities.matching.row import Table, Way, role, way
from opsbot.capabilities.matching.words import one_by_one
from opsbot.vocabulary.words import ServerKind

_OF_PROJECT = "branch page server filter"
_SUBJECT = "project component code quality"


def _measures(capability: str) -> Way:
    return way(
        capability,
        "measure",
        "metric",
        beside=f"{_SUBJECT} value",
        needs="project",
        fills=f"{_OF_PROJECT} metric",
    )


def _issues(capability: str) -> Way:
    return way(
        capability,
        "issue",
        beside=f"{_SUBJECT} open",
        number="many",
        needs="project",
        fills=_OF_PROJECT,
    )


TABLE = Table(
    kind=ServerKind.SONARQUBE,
    own_names=frozenset({"sonar", "sonarqube", "sonarcloud", "qube", "sq"}),
    marks=one_by_one("sonar sonarqube sonarcloud hotspot gate smell"),
    usual=one_by_one("measure coverage duplication vulnerability"),
    roles=(
        role("project", "project component", "key name sonar resource"),
        role("metric", "metric measure", "key name list"),
        role("branch", "branch", "name key"),
        role(
            "filter",
            "type severity status resolution issue quality impact state language rule tag",
            "hotspot software",
            repeats=True,
        ),
        role(
            "server",
            "url server instance host organization",
            "key name base",
            repeats=True,
        ),
        role(
            "page",
            "page limit size offset p ps q query filter max per",
            "number index result",
            repeats=True,
        ),
    ),
    ways=(
        way(
            "analyze_project",
            "project",
            "repository",
            "",
            verbs="analyze scan",
            beside="code",
            needs="project",
            fills="branch server",
        ),
        way(
            "analyze_project",
            "analysis",
            "scan",
            verbs="run trigger start submit execute launch request",
            beside="project code",
            needs="project",
            fills="branch server",
        ),
        way(
            "get_quality_gate",
            "gate status",
            beside="quality project check verify",
            needs="project",
            fills="branch server",
        ),
        way(
            "get_quality_gate",
            "gate",
            beside="quality project check verify evaluation condition state",
            number="one",
            needs="project",
            fills="branch server",
        ),
        way(
            "get_code_coverage",
            "coverage",
            beside=f"{_SUBJECT} metric measure test line overall total",
            needs="project",
            fills=f"{_OF_PROJECT} metric",
        ),
        _measures("get_code_coverage"),
        way(
            "get_code_coverage",
            "coverage",
            beside="file project code",
            needs="project",
            fills=_OF_PROJECT,
        ),
        way(
            "get_vulnerabilities",
            "vulnerability",
            "security issue",
            beside=f"{_SUBJECT} security issue open critical high",
            needs="project",
            fills=_OF_PROJECT,
        ),
        _issues("get_vulnerabilities"),
        way(
            "get_vulnerabilities",
            "hotspot",
            beside="security project",
            number="many",
            needs="project",
            fills=_OF_PROJECT,
        ),
        way(
            "get_code_smells",
            "code smell",
            "smell",
            "maintainability issue",
            beside="project issue",
            needs="project",
            fills=_OF_PROJECT,
        ),
        _issues("get_code_smells"),
        way(
            "get_security_hotspots",
            "security hotspot",
            "hotspot",
            beside="project code open",
            number="many",
            needs="project",
            fills=_OF_PROJECT,
        ),
        _measures("get_measures"),
        way(
            "get_duplications",
            "duplication",
            beside=f"{_SUBJECT} block line file density",
            needs="project",
            fills=f"{_OF_PROJECT} metric",
        ),
        _measures("get_duplications"),
        way(
            "list_projects",
            "project",
            beside="component available key",
            number="many",
            fills="page server",
        ),
        way(
            "get_server_health",
            "system health",
            "health",
            "server health",
            "system status",
            "server status",
            "status",
            beside="check system server instance status",
            fills="server",
        ),
    ),
)
