"""A SonarQube that gives recorded answers, each of which a test can exchange for another."""

import copy
import json
from pathlib import Path
from typing import Any

from loopback import Reply, Request

RECORDED = Path(__file__).parent / "recorded"
PROJECT, TASK = "cred-api", "f4ea308a-c8ab-403b-88ab-c6a174f186fc"
ANALYSIS = "5553eb80-c22e-4db9-838a-ccd7daf64cdf"


def recorded(name: str) -> dict[str, Any]:
    return json.loads((RECORDED / f"{name}.json").read_text())


def an_issue(key="i1", severity="MAJOR", impact="MEDIUM", **changes) -> dict[str, Any]:
    return {
        "key": key,
        "rule": "python:S4423",
        "severity": severity,
        "component": f"{PROJECT}:src/tls.py",
        "project": PROJECT,
        "line": 12,
        "message": "Change this code to use a stronger protocol.",
        "type": "VULNERABILITY",
        "impacts": [{"softwareQuality": "SECURITY", "severity": impact}],
    } | changes


class ScriptedSonarQube:
    """One project with one successful analysis, unless told otherwise."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Reply]] = {}
        self.asked: list[Request] = []
        self.recorded("ce/task", "ce-task-pending", "ce-task-in-progress", "ce-task-success")
        self.recorded("qualitygates/project_status", "gate-ok")
        self.says("qualitygates/get_by_project", {"qualityGate": {"name": "overall"}})
        self.recorded("measures/component", "metrics-vuln")
        self.says("components/show", {"component": {"key": PROJECT}})
        self.current({"id": TASK, "status": "SUCCESS", "analysisId": ANALYSIS})
        self.says("project_analyses/search", {"analyses": [{"key": "newer"}]})
        self.issues([])

    def recorded(self, call: str, *names: str) -> None:
        found = [recorded(name) for name in names]
        self.answers[call] = [
            Reply(each["status"], b"" if each["answer"] is None else each["answer"])
            for each in found
        ]

    def says(self, call: str, *bodies: Any) -> None:
        self.answers[call] = [Reply(body=copy.deepcopy(body)) for body in bodies]

    def current(self, *tasks: dict[str, Any], queue: tuple[dict[str, Any], ...] = ()) -> None:
        self.says("ce/component", *({"queue": list(queue), "current": task} for task in tasks))

    def issues(self, issues: list[dict[str, Any]], total: int | None = None) -> None:
        total = len(issues) if total is None else total
        paging = {"paging": {"total": total}}
        self.says("issues/search", paging | {"issues": issues}, paging | {"issues": []})

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.headers.get("Authorization") != "Bearer squ_token":
            return Reply(401)
        replies = self.answers[request.path.removeprefix("/api/")]
        return replies.pop(0) if len(replies) > 1 else replies[0]
