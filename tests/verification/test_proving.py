"""Compliance words: proven by what the run left behind, or said not to be."""

from typing import Any

import pytest

from opsbot.verification import proving
from opsbot.verification.approval import Given
from opsbot.verification.proving import Proof
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import FIRST_DEPLOY, Compliance

YES = Given(subject_sha256="a" * 64, plan_id="p", option="Approve", by="admin", at=0.0)
PROVERS = {
    Compliance.QUALITY_GATE_PASSED: ("quality_scan",),
    Compliance.SECURITY_SCAN_PASSED: ("security_scan",),
    Compliance.MONITORING_ENABLED: ("monitor",),
}
SAVED = {
    "verified": True,
    "target": "ReplicaSet a",
    "archive": "a/prod/20250120T101723Z_p1",
    "sha256": "b" * 64,
    "objects": ["Service 's'"],
}


def ended(id: str, state: str = "success", **output: Any) -> StepOutcome:
    return StepOutcome(id=id, state=state, seconds=1.0, output=output)


def proof(word: Compliance, *outcomes: StepOutcome, approved: Given | None = YES) -> Proof:
    return proving.prove([word], PROVERS, outcomes, approved)[0]


@pytest.mark.parametrize(
    ("word", "outcome", "evidence"),
    [
        (
            Compliance.QUALITY_GATE_PASSED,
            ended("quality_scan", status="OK", analysis_id="AX", quality_gate="prod"),
            "quality_scan: prod: OK, analysis AX",
        ),
        (
            Compliance.SECURITY_SCAN_PASSED,
            ended("security_scan", status="passed", analysis_id="AX"),
            "security_scan: passed, analysis AX",
        ),
        (
            Compliance.MONITORING_ENABLED,
            ended("monitor", observed_seconds=30, requests=90, failed=0),
            "monitor: watched for 30 s, 0 of 90 requests failed",
        ),
        (
            Compliance.APPROVAL_REQUIRED,
            ended("approval"),
            "approved by admin at 1970-01-01 00:00:00 UTC for the subject aaaaaaaaaaaa",
        ),
        (
            Compliance.BACKUP_VERIFIED,
            ended("backup", **SAVED),
            "read back and compared: Service 's'; kept as a/prod/20250120T101723Z_p1, sha256 "
            "bbbbbbbbbbbb",
        ),
        (Compliance.ROLLBACK_PLAN_READY, ended("backup", **SAVED), "ReplicaSet a"),
    ],
)
def test_word_is_proven_by_its_evidence(
    word: Compliance, outcome: StepOutcome, evidence: str
) -> None:
    assert proof(word, outcome) == Proof(word=word, proven=True, evidence=evidence)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        (Compliance.QUALITY_GATE_PASSED, ended("quality_scan", "failed")),
        (Compliance.QUALITY_GATE_PASSED, ended("quality_scan")),
        (Compliance.QUALITY_GATE_PASSED, ended("quality_scan", status="ERROR", analysis_id="AX")),
        (Compliance.QUALITY_GATE_PASSED, ended("quality_scan", status="OK")),
        (Compliance.QUALITY_GATE_PASSED, ended("another_scan", status="OK", analysis_id="AX")),
        (Compliance.SECURITY_SCAN_PASSED, ended("security_scan", status="OK", analysis_id="AX")),
        (Compliance.MONITORING_ENABLED, ended("monitor", observed_seconds=0, requests=0)),
        (Compliance.MONITORING_ENABLED, ended("monitor", "skipped")),
        (Compliance.APPROVAL_REQUIRED, ended("approval", "skipped")),
        (Compliance.APPROVAL_REQUIRED, ended("approval", "failed")),
        (Compliance.BACKUP_VERIFIED, ended("backup", **{**SAVED, "verified": False})),
        (Compliance.BACKUP_VERIFIED, ended("backup", "upstream_failed")),
        (Compliance.ROLLBACK_PLAN_READY, ended("backup", **{**SAVED, "target": ""})),
    ],
)
def test_state_alone_or_other_evidence_proves_nothing(
    word: Compliance, outcome: StepOutcome
) -> None:
    assert not proof(word, outcome).proven


def test_first_deploy_is_ready_only_if_that_was_shown() -> None:
    saved = ended("backup", **{**SAVED, "target": FIRST_DEPLOY})
    word = Compliance.ROLLBACK_PLAN_READY

    assert proof(word, saved, ended("preview", target=FIRST_DEPLOY)).proven
    assert not proof(word, saved, ended("preview", target="ReplicaSet a")).proven
    assert not proof(word, saved).proven


def test_nobodys_and_negative_answers_approve_nothing() -> None:
    no = YES.model_copy(update={"option": "Reject"})

    assert not proof(Compliance.APPROVAL_REQUIRED, ended("approval"), approved=None).proven
    assert not proof(Compliance.APPROVAL_REQUIRED, ended("approval"), approved=no).proven


@pytest.mark.parametrize("word", Compliance)
def test_run_that_left_nothing_proves_nothing(word: Compliance) -> None:
    assert not proof(word, approved=None).proven
