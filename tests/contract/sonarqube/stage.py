"""A SonarQube to test on: real or the sandbox's, with projects that are removed at the end."""

import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from opsbot.integrations import web
from opsbot.integrations.sonarqube.client import Bearer, SonarClient
from opsbot.integrations.waiting import Patience
from tests.contract.sonarqube import sources

SCAN_SECONDS = 240
SONAR_WAY = "Sonar way"
CONDITIONS = (
    ("vulnerabilities", "GT", "0"),
    ("bugs", "GT", "0"),
    ("coverage", "LT", "80"),
    ("security_hotspots_reviewed", "LT", "100"),
)


@dataclass(frozen=True)
class Target:
    """A server, an administrator's token, and how sources are scanned."""

    name: str
    url: str
    token: str
    scanner: tuple[str, ...]
    """The scanner's command; it finds address and token in its environment."""
    environment: dict[str, str]


@dataclass(frozen=True)
class Scanned:
    """A project and the task of its last report."""

    key: str
    task_id: str


@dataclass
class Stage:
    """What the tests make on a target."""

    target: Target
    folder: Path
    mark: str = field(default_factory=lambda: f"opsbot-contract-{uuid.uuid4().hex[:8]}")
    projects: list[str] = field(default_factory=list)
    cleaning: list[Callable[[], Any]] = field(default_factory=list)

    def client(self, token: str | None = None) -> SonarClient:
        """Return the client of a token; the administrator's, if none is named."""
        auth = Bearer(self.target.token if token is None else token)
        server = web.Server("SonarQube", self.target.url, auth=auth)
        return SonarClient(server, Patience(total=SCAN_SECONDS, longest=2))

    def post(self, call: str, **form: str) -> Any:
        """Change something as the administrator."""
        answer = requests.post(
            f"{self.target.url}/api/{call}",
            data=form,
            headers={"Authorization": f"Bearer {self.target.token}"},
            timeout=60,
        )
        assert answer.ok, f"{call}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def gate(self) -> str:
        """Make a gate with conditions on all code."""
        self.post("qualitygates/create", name=self.mark)
        for metric, operator, threshold in CONDITIONS:
            self.post(
                "qualitygates/create_condition",
                gateName=self.mark,
                metric=metric,
                op=operator,
                error=threshold,
            )
        self.cleaning.append(lambda: self.post("qualitygates/destroy", name=self.mark))
        return self.mark

    def project(self, word: str, gate: str) -> str:
        """Make a project that was never analysed."""
        key = f"{self.mark}-{word}"
        self.post("projects/create", project=key, name=key)
        self.cleaning.append(lambda: self.post("projects/delete", project=key))
        self.post("qualitygates/select", gateName=gate, projectKey=key)
        return key

    def analysis_token(self, word: str = "analyst") -> str:
        """Make a token that may analyse and little else."""
        name = f"{self.mark}-{word}"
        made = self.post("user_tokens/generate", name=name, type="GLOBAL_ANALYSIS_TOKEN")
        self.cleaning.append(lambda: self.post("user_tokens/revoke", name=name))
        return str(made["token"])

    def scan(self, key: str, files: dict[str, str], coverage: str, **settings: str) -> Scanned:
        """Upload a report of sources; the server has not looked at it yet."""
        folder = self.folder / uuid.uuid4().hex
        sources.write(folder, key, files, coverage, **settings)
        scanned = subprocess.run(
            self.target.scanner,
            cwd=folder,
            env=self.target.environment,
            capture_output=True,
            text=True,
            timeout=SCAN_SECONDS,
        )
        assert scanned.returncode == 0, scanned.stdout[-2000:] + scanned.stderr[-2000:]
        lines = (folder / "report-task.txt").read_text().splitlines()
        return Scanned(key, dict(line.split("=", 1) for line in lines)["ceTaskId"])

    def close(self) -> None:
        """Remove everything, the newest first."""
        for remove in reversed(self.cleaning):
            remove()
