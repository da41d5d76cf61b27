"""A key that leaked into the sources stops a release at the gate, and is not shown to anybody.

The road is a plan's: Jenkins tests the commit and runs the scanner, then both scan steps judge that
very analysis, and the analysis of no other commit. Jenkins is the sandbox's; it runs the real
scanner where SonarQube is real. Keys are put together here, so that nobody takes them for ones that
leaked from here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from opsbot.capabilities.jenkins.run_tests import RunTests
from opsbot.capabilities.sonarqube.analyze_project import AnalyzeProject
from opsbot.capabilities.sonarqube.get_vulnerabilities import GetVulnerabilities
from opsbot.integrations import web
from opsbot.integrations.jenkins import run_tests
from opsbot.integrations.jenkins.attempt import ProcessMemory
from opsbot.integrations.jenkins.client import JenkinsClient
from opsbot.integrations.jenkins.run_tests import TestOutput
from opsbot.integrations.sonarqube import (
    analyze_project,
    gate_setup,
    get_vulnerabilities,
    project_setup,
)
from opsbot.integrations.sonarqube import client as sonarqube
from opsbot.integrations.sonarqube.client import SonarClient
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.progress import silent
from tests.contract.sonarqube.stage import Stage

APPLICATION = "search-indexer"
GITHUB = "ghp_" + "NqVwYS81VP7Hb1DX8pPd5khxE3pyIgKpaUnA"
AWS_ID, AWS_SECRET = "AKIA" + "RLYKEI4IIAANNKKS", "u9mI4ROnl89Sm995" + "ytbxAk7jqevt0MLaMRTvetw0"
LEAK = f"""'use strict';

// Until the new account is there: {GITHUB}
const aws = {{ accessKeyId: '{AWS_ID}', secretAccessKey: '{AWS_SECRET}' }};

module.exports = {{ aws }};
"""
TEST = """'use strict';

const { it } = require('node:test');

it('loads', () => require('../../src/account.js'));
"""


@dataclass
class Workshop:
    """A sandbox's Jenkins and repository, and the SonarQube that its jobs speak to."""

    jenkins: JenkinsClient
    sonarqube: SonarClient
    repository: Path
    gate: str
    said: list[str] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The newest commit."""
        words = ["git", "rev-parse", "HEAD"]
        return subprocess.check_output(words, cwd=self.repository, text=True).strip()

    def commit(self, path: str, text: str) -> None:
        (self.repository / path).parent.mkdir(parents=True, exist_ok=True)
        (self.repository / path).write_text(text)
        person = ("-c", "user.name=Robin", "-c", "user.email=robin@example.com")
        for words in (("add", "--all"), (*person, "commit", "--quiet", "--message", f"Add {path}")):
            subprocess.run(["git", *words], cwd=self.repository, check=True)

    def tested(self) -> TestOutput:
        return run_tests.run(
            self.jenkins,
            RunTests(job_name=f"{APPLICATION}-tests", branch="main", coverage_required=80),
            key=f"leaked-{len(self.said)}",
            memory=ProcessMemory(),
            say=self.said.append,
        )

    def judged(self, task: str, commit: str) -> Any:
        params = AnalyzeProject(project_key=APPLICATION, branch="main", quality_gate=self.gate)
        return analyze_project.run(
            self.sonarqube, params, task_id=task, commit=commit, say=self.said.append
        )

    def searched(self, task: str, commit: str) -> Any:
        params = GetVulnerabilities(project_key=APPLICATION, severity=("HIGH", "CRITICAL"))
        return get_vulnerabilities.run(
            self.sonarqube, params, task_id=task, commit=commit, say=self.said.append
        )


@pytest.fixture(scope="module")
def workshop(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    real = ["--without=sonarqube"] if stage.target.name == "lab" else []
    without = ["--without=docker", "--without=kubernetes", *real]
    process = subprocess.Popen(
        [sys.executable, "-m", "opsbot.sandbox", "--state", tmp_path_factory.mktemp("w"), *without],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "plugins")},
        text=True,
    )
    assert process.stdout is not None
    try:
        found = json.loads(process.stdout.readline())
        client = sonarqube.of(**found["sonarqube"])
        gate = f"{stage.mark}-leaked"
        gate_setup.provide(client, gate, 80, silent)
        project_setup.provide(client, APPLICATION, gate, silent)
        login = (found["jenkins"]["user"], found["jenkins"]["token"])
        server = web.Server("Jenkins", found["jenkins"]["url"], auth=login)
        jenkins = JenkinsClient(server, user=login[0])
        yield Workshop(jenkins, client, Path(found["repository"]), gate)
        client.post("projects/delete", needs="", project=APPLICATION)
        client.post("qualitygates/destroy", needs="", name=gate)
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.timeout(1200)
def test_leaked_keys_stop_both_scans_and_are_named_but_not_shown(workshop: Workshop) -> None:
    clean, before = workshop.head, workshop.tested().analysis
    assert before is not None
    assert workshop.judged(before.task_id, clean).status == "OK"
    assert workshop.searched(before.task_id, clean).status == "passed"

    workshop.commit("src/account.js", LEAK)
    workshop.commit("test/unit/account.test.js", TEST)
    for scan in (workshop.judged, workshop.searched):
        with pytest.raises(StepFailed, match=f"is of commit {clean}.* is to be released"):
            scan(before.task_id, workshop.head)
    tested = workshop.tested()

    assert tested.analysis is not None
    assert (tested.status, tested.failed) == ("SUCCESS", 0)
    with pytest.raises(StepFailed) as at_the_gate:
        workshop.judged(tested.analysis.task_id, workshop.head)
    with pytest.raises(StepFailed) as at_the_search:
        workshop.searched(tested.analysis.task_id, workshop.head)
    assert "vulnerabilities is 3, above 0" in str(at_the_gate.value)
    assert "security_rating is 5, above 1" in str(at_the_gate.value)
    named = str(at_the_search.value)
    assert f"CRITICAL secrets:S6689 in {APPLICATION}:src/account.js:3" in named
    assert named.count(f"CRITICAL secrets:S6290 in {APPLICATION}:src/account.js:4") == 2
    told = "\n".join([*workshop.said, str(at_the_gate.value), named])
    assert not [key for key in (GITHUB, AWS_ID, AWS_SECRET) if key in told]
