"""Makers of runs: what the tasks of a plan have left behind."""

from typing import Any

from opsbot.planning.plan import Plan
from opsbot.planning.run import Run
from opsbot.verification.approval import Given
from opsbot.vocabulary.outcome import StepOutcome

OUTPUTS: dict[str, dict[str, Any]] = {
    "build": {"build_number": 142, "status": "SUCCESS", "artifacts": 5},
    "test": {"passed": 177, "failed": 0, "skipped": 0, "coverage": 87.0},
    "quality_scan": {
        "analysis_id": "AX1",
        "quality_gate": "production-gate",
        "status": "OK",
        "bugs": 0,
        "vulnerabilities": 0,
        "code_smells": 12,
    },
    "security_scan": {
        "analysis_id": "AX1",
        "status": "passed",
        "counts": {"CRITICAL": 0, "HIGH": 0, "MEDIUM": 2, "LOW": 0},
        "dependencies": "not_measured",
    },
    "build_image": {"image": "r:5000/myorg/my-application:v1.0.0-prod", "size": 156_000_000},
    "verify_image": {
        "digest": "sha256:new",
        "layers": 8,
        "platforms": ["linux/amd64"],
        "files": {},
        "signature": "valid",
    },
    "deploy": {"deployment": "my-application", "replicas": 2, "ready": 2},
    "verify_pods": {"pods": 2, "running": 2, "ready": 2, "troubles": []},
    "check_health": {"errors": 0, "warnings": 0, "health": "healthy", "quotes": []},
    "monitor": {
        "service": "my-application-service",
        "port": 30001,
        "endpoints": 2,
        "requests": 40,
        "failed": 0,
        "p95_seconds": 0.012,
        "observed_seconds": 30,
        "trouble": "",
    },
}
SAVED = {
    "deployment": "my-application",
    "objects": ["Deployment 'my-application'"],
    "target": "ReplicaSet my-application-7d, image app@sha256:old, 2/2 ready",
    "verified": True,
    "archive": "my-application/production/20250120T101723Z_plan_deploy_production_1737354243",
    "sealed_with": "opsbot_backup",
    "sha256": "b" * 64,
}
GUARDS: dict[str, dict[str, Any]] = {
    "gate": {},
    "preview": {"target": SAVED["target"], "subject_sha256": "c" * 64},
    "approval": {},
    "backup": SAVED,
}
"""Guards before the change, with what they leave behind."""
YES = Given(
    subject_sha256="c" * 64,
    plan_id="plan_deploy_production_1737354243",
    option="Approve",
    by="admin",
    name="admin",
    at=1737354300.0,
)
NO = YES.model_copy(update={"option": "Reject", "reason": "not on a Friday"})


def outcomes(failed: str | None = None, **changes: dict[str, Any]) -> list[StepOutcome]:
    """Make the outcomes of a run that ended well, or at the failed step."""
    ended: list[StepOutcome] = []
    for id, output in OUTPUTS.items():
        if any(each.state != "success" for each in ended):
            ended.append(StepOutcome(id=id, state="upstream_failed"))
        elif id == failed:
            ended.append(StepOutcome(id=id, state="failed", seconds=5.34))
        else:
            changed = {**output, **changes.get(id, {})}
            ended.append(StepOutcome(id=id, state="success", seconds=1.5, output=changed))
    return ended


def a_run(plan: Plan, ended: list[StepOutcome] | None = None, **changes: Any) -> Run:
    """Make a run whose guards let it pass; states of guards may be given by their names."""
    guards = {
        id: StepOutcome(id=id, state="success", seconds=0.5, output=output)
        for id, output in GUARDS.items()
        if id in plan.guards
    }
    given = {each.id: each for each in changes.pop("guards", ())}
    defaults: dict[str, Any] = {
        "outcomes": (*(outcomes() if ended is None else ended), *{**guards, **given}.values()),
        "seconds": 25.15,
        "requested_by": "alice",
        "answers": {"approval": YES} if "approval" in plan.guards else {},
    }
    return Run.model_validate(defaults | changes)
