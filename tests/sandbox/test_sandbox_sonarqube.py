"""SonarQube: reports are really analysed, and each analysis has its own verdict."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from opsbot.integrations.sonarqube import client as sonar_client
from opsbot.integrations.sonarqube import gate_setup, project_setup
from opsbot.sandbox.loopback import Service
from opsbot.sandbox.sonarqube import scanner
from opsbot.sandbox.sonarqube import server as sonarqube
from opsbot.sandbox.sonarqube.scanner import ScanFailed
from opsbot.sandbox.sonarqube.tasks import Server
from opsbot.vocabulary.progress import silent
from tests.sandbox.conftest import log

CLEAN = "'use strict';\n\nfunction add(a, b) {\n  return a + b;\n}\n\nmodule.exports = { add };\n"
UNCHECKED = "https.request({ rejectUnauthorized: false });\n"
LEAKED = "ghp_" + "hvMdgaKjIg8xNbe3nNyjOq9wMxEhh2FDEEtf"
COVERED = "SF:src/a.js\nDA:3,1\nDA:4,1\nDA:7,1\nend_of_record\n"


@dataclass
class Sonar:
    service: Service
    token: str

    def ask(self, call: str, **parameters: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{self.service.url}/api/{call}", params=parameters, headers=headers)

    def get(self, call: str, **parameters: str) -> Any:
        answer = self.ask(call, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def scan(self, folder: Path) -> str:
        """Scan and return the analysis, once it is made."""
        task = scanner.scan(folder, self.service.url, self.token)
        for _ in range(500):
            found = self.get("ce/task", id=task)["task"]
            if found["status"] not in ("PENDING", "IN_PROGRESS"):
                assert found["status"] == "SUCCESS", found
                return str(found["analysisId"])
            time.sleep(0.01)
        raise AssertionError("the analysis did not end")

    def gate(self, analysis: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get("qualitygates/project_status", analysisId=analysis)
        return dict(found["projectStatus"])


@pytest.fixture
def sonar() -> Iterator[Sonar]:
    server = Server()
    service = sonarqube.start(server, log)
    client = sonar_client.of(service.url, server.token)
    gate_setup.provide(client, "all-code", 80, silent)
    project_setup.provide(client, "app", "all-code", silent)
    yield Sonar(service, server.token)
    service.stop()
    server.stop()


def project(folder: Path, text: str = CLEAN, coverage: str = COVERED) -> Path:
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "src" / "a.js").write_text(text)
    (folder / "lcov.info").write_text(coverage)
    (folder / "sonar-project.properties").write_text(
        "sonar.projectKey=app\nsonar.sources=src\n"
        "sonar.javascript.lcov.reportPaths=lcov.info\nsonar.projectVersion=1.2.3\n"
    )
    return folder


def found_by(sonar: Sonar, folder: Path, line: str) -> list[tuple[str, str]]:
    sonar.scan(project(folder, f"{CLEAN}\n{line}\n"))
    issues = sonar.get("issues/search", components="app")["issues"]
    return [(issue["type"], issue["rule"].partition(":")[2]) for issue in issues]


def failed(gate: dict[str, Any]) -> list[str]:
    return [each["metricKey"] for each in gate["conditions"] if each["status"] == "ERROR"]


def test_clean_and_covered_code_passes_the_gate(sonar: Sonar, tmp_path: Path) -> None:
    gate = sonar.gate(sonar.scan(project(tmp_path)))

    assert gate["status"] == "OK"
    values = {each["metricKey"]: each["actualValue"] for each in gate["conditions"]}
    assert values["coverage"] == "100.0"
    assert values["vulnerabilities"] == "0"


@pytest.mark.parametrize(
    ("line", "kind", "rule"),
    [
        (f"const id = '{LEAKED}';", "VULNERABILITY", "S6689"),
        (f"// the old one: {LEAKED}", "VULNERABILITY", "S6689"),
        ("const aws = { id: 'AKIARLYKEI4IIAANNKKS' };", "VULNERABILITY", "S6290"),
        ("https.request({ rejectUnauthorized: false });", "VULNERABILITY", "S4830"),
        ("https.request({ rejectUnauthorized: false });", "VULNERABILITY", "S5527"),
        ("const wrong = value === NaN;", "BUG", "S2688"),
        ("if (value = 1) { go(); }", "CODE_SMELL", "S1121"),
        ("const same = value || value;", "BUG", "S1764"),
        ("var old = 1;", "CODE_SMELL", "S3504"),
        ("const loose = value == 1;", "CODE_SMELL", "S1440"),
        ("console.log('x');", "CODE_SMELL", "S106"),
        ("// TODO: finish", "CODE_SMELL", "S1135"),
        ("function long() {\n" + "  go();\n" * 60 + "}", "CODE_SMELL", "S138"),
    ],
)
def test_a_rule_finds_what_it_names(
    sonar: Sonar, tmp_path: Path, line: str, kind: str, rule: str
) -> None:
    assert (kind, rule) in found_by(sonar, tmp_path, line)


@pytest.mark.parametrize(
    ("line", "rule", "probability"),
    [
        ("eval(input);", "S1523", "MEDIUM"),
        ("new Function(input)();", "S1523", "MEDIUM"),
        ("exec('rm -rf ' + folder);", "S4721", "HIGH"),
        ("execSync(`rm ${folder}`);", "S4721", "HIGH"),
        ("const password = 'hunter22';", "S2068", "HIGH"),
        ('const settings = { password: "1234567890" };', "S2068", "HIGH"),
        ("const id = Math.random();", "S2245", "MEDIUM"),
        ("createHash('md5');", "S4790", "LOW"),
    ],
)
def test_what_a_person_must_judge_is_a_hotspot(
    sonar: Sonar, tmp_path: Path, line: str, rule: str, probability: str
) -> None:
    assert found_by(sonar, tmp_path, line) == []
    (hotspot,) = sonar.get("hotspots/search", project="app")["hotspots"]
    assert hotspot["ruleKey"] == f"javascript:{rule}"
    assert hotspot["vulnerabilityProbability"] == probability


@pytest.mark.parametrize(
    "line",
    [
        "const id = 'ghp_short';",
        "// never use eval(input) or var old = 1",
        "/* password = 'hunter22' */",
        "execFile('rm', [folder]);",
        "const matched = pattern.exec(a + b);",
        "const password = process.env.PASSWORD;",
        "const token = readToken('file');",
        "if (value === 1) { go(); }",
        "while (more <= 3) { go(); }",
        "const nothing = value == null;",
        "const isNot = Number.isNaN(value);",
        "function short() {\n  go();\n}",
    ],
)
def test_good_code_is_left_alone(sonar: Sonar, tmp_path: Path, line: str) -> None:
    assert found_by(sonar, tmp_path, line) == []


def test_a_vulnerability_fails_the_gate(sonar: Sonar, tmp_path: Path) -> None:
    gate = sonar.gate(sonar.scan(project(tmp_path, CLEAN + UNCHECKED)))

    assert gate["status"] == "ERROR"
    assert failed(gate) == ["vulnerabilities", "security_rating"]


def test_code_without_a_coverage_report_is_uncovered_and_fails(
    sonar: Sonar, tmp_path: Path
) -> None:
    gate = sonar.gate(sonar.scan(project(tmp_path, coverage="")))

    assert failed(gate) == ["coverage"]


def test_a_coverage_report_of_other_files_covers_nothing(sonar: Sonar, tmp_path: Path) -> None:
    sonar.scan(project(tmp_path, coverage=COVERED.replace("src/a.js", "elsewhere/a.js")))

    measures = sonar.get("measures/component", component="app", metricKeys="coverage")
    assert measures["component"]["measures"][0]["value"] == "0.0"


def test_copied_code_fails_the_gate(sonar: Sonar, tmp_path: Path) -> None:
    body = "".join(f"const value{number} = compute({number});\n" for number in range(12))
    folder = project(tmp_path, body, "SF:src/a.js\nDA:1,1\nend_of_record\n")
    (folder / "src" / "b.js").write_text(body)
    (folder / "lcov.info").write_text(
        "SF:src/a.js\nDA:1,1\nend_of_record\nSF:src/b.js\nDA:1,1\nend_of_record\n"
    )

    assert failed(sonar.gate(sonar.scan(folder))) == ["duplicated_lines_density"]


def test_each_analysis_keeps_its_own_verdict(sonar: Sonar, tmp_path: Path) -> None:
    bad = sonar.scan(project(tmp_path, CLEAN + UNCHECKED))
    good = sonar.scan(project(tmp_path))

    assert sonar.gate(bad)["status"] == "ERROR"
    assert sonar.gate(good)["status"] == "OK"
    by_key = sonar.get("qualitygates/project_status", projectKey="app")
    assert by_key["projectStatus"]["status"] == "OK"


def test_a_hotspot_is_no_issue_and_fails_the_gate(sonar: Sonar, tmp_path: Path) -> None:
    gate = sonar.gate(sonar.scan(project(tmp_path, CLEAN + "const id = Math.random();\n")))

    assert failed(gate) == ["security_hotspots_reviewed"]
    (hotspot,) = sonar.get("hotspots/search", project="app")["hotspots"]
    assert (hotspot["ruleKey"], hotspot["line"]) == ("javascript:S2245", 8)
    assert sonar.get("issues/search", components="app")["total"] == 0


def test_issues_are_filtered_sorted_counted_and_paged(sonar: Sonar, tmp_path: Path) -> None:
    sonar.scan(project(tmp_path, CLEAN + f"{UNCHECKED}var b;\nconsole.log(b == 1);\n"))

    first = sonar.get("issues/search", components="app", s="SEVERITY", asc="false", ps="2")
    only = sonar.get("issues/search", components="app", types="VULNERABILITY", facets="types")
    none = sonar.get("issues/search", components="app", resolved="true")

    assert [issue["severity"] for issue in first["issues"]] == ["CRITICAL", "CRITICAL"]
    assert first["paging"] == {"pageIndex": 1, "pageSize": 2, "total": 5}
    assert [issue["line"] for issue in only["issues"]] == [8, 8]
    counts = {each["val"]: each["count"] for each in only["facets"][0]["values"]}
    assert counts == {"VULNERABILITY": 2, "CODE_SMELL": 3}
    assert none["total"] == 0


def test_an_issue_rates_its_impact(sonar: Sonar, tmp_path: Path) -> None:
    sonar.scan(project(tmp_path, CLEAN + UNCHECKED))

    issue, _ = sonar.get("issues/search", components="app", impactSeverities="HIGH")["issues"]

    assert issue["impacts"] == [{"softwareQuality": "SECURITY", "severity": "HIGH"}]
    assert issue["component"] == "app:src/a.js"


def test_numbers_are_texts_and_unknown_metrics_an_error(sonar: Sonar, tmp_path: Path) -> None:
    sonar.scan(project(tmp_path))

    found = sonar.get("measures/component", component="app", metricKeys="ncloc,bugs")
    wrong = sonar.ask("measures/component", component="app", metricKeys="ncloc,nope")

    assert [each["value"] for each in found["component"]["measures"]] == ["5", "0"]
    assert wrong.status_code == 404
    assert wrong.json()["errors"][0]["msg"] == "The following metric keys are not found: nope"


@pytest.mark.parametrize(
    ("call", "parameters", "words"),
    [
        ("components/show", {"component": "none"}, "Component key 'none' not found"),
        ("qualitygates/get_by_project", {"project": "none"}, "Project 'none' not found"),
        ("qualitygates/project_status", {"projectKey": "none"}, "Project 'none' not found"),
        ("ce/task", {"id": "none"}, "No activity found for task 'none'"),
        ("nope/nope", {}, "Unknown url : /api/nope/nope"),
        ("project_branches/list", {"project": "app", "branch": "dev"}, "Branch 'dev'"),
    ],
)
def test_what_is_not_there_is_a_404_that_says_so(
    sonar: Sonar, tmp_path: Path, call: str, parameters: dict[str, str], words: str
) -> None:
    sonar.scan(project(tmp_path))

    answer = sonar.ask(call, **parameters)

    assert answer.status_code == 404
    assert words in answer.json()["errors"][0]["msg"]


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("ce/task", {}),
        ("issues/search", {"types": "BUGG"}),
        ("issues/search", {"ps": "501"}),
        ("issues/search", {"ps": "500", "p": "21"}),
        ("qualitygates/project_status", {}),
        ("qualitygates/project_status", {"analysisId": "a", "projectKey": "app"}),
    ],
)
def test_a_wrong_question_is_a_400(sonar: Sonar, call: str, parameters: dict[str, str]) -> None:
    answer = sonar.ask(call, **parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["msg"]


def test_an_unknown_project_has_no_issues_and_no_error(sonar: Sonar) -> None:
    assert sonar.get("issues/search", components="none")["total"] == 0


def test_a_wrong_token_gets_an_empty_401(sonar: Sonar) -> None:
    stranger = Sonar(sonar.service, "squ_wrong")

    answer = stranger.ask("components/search_projects")

    assert (answer.status_code, answer.content) == (401, b"")
    assert stranger.get("authentication/validate") == {"valid": False}
    assert stranger.get("system/status")["status"] == "UP"


def test_the_token_may_come_as_the_user_of_a_basic_login(sonar: Sonar) -> None:
    answer = requests.get(
        f"{sonar.service.url}/api/components/search_projects", auth=(sonar.token, "")
    )

    assert answer.status_code == 200


def test_the_scanner_names_the_task_it_was_given(sonar: Sonar, tmp_path: Path) -> None:
    task = scanner.scan(project(tmp_path), sonar.service.url, sonar.token)

    metadata = tmp_path / scanner.WORKING_DIRECTORY / scanner.METADATA
    facts = dict(line.split("=", 1) for line in metadata.read_text().splitlines())
    assert facts["ceTaskId"] == task
    assert facts["projectKey"] == "app"
    assert facts["serverUrl"] == sonar.service.url
    assert requests.get(facts["dashboardUrl"]).status_code == 200


def test_a_scan_with_a_wrong_token_uploads_nothing(sonar: Sonar, tmp_path: Path) -> None:
    with pytest.raises(ScanFailed, match="answered 401"):
        scanner.scan(project(tmp_path), sonar.service.url, "squ_wrong")

    assert not (tmp_path / scanner.WORKING_DIRECTORY).exists()


def test_the_scanner_speaks_to_the_sandbox_alone(tmp_path: Path) -> None:
    with pytest.raises(ScanFailed, match="alone"):
        scanner.scan(project(tmp_path), "http://sonar.example.com", "squ_token")
