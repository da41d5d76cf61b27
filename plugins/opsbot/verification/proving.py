"""Prove a plan's compliance words from what its run left behind.

A plan promises a word; only the run can keep it. A word is proven by the output of the task that
answers for it, never by that task's state alone: a state can be set by hand. What is not proven
says what lacks, so that silence never reads as compliance.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from opsbot.verification.approval import APPROVE, Given, evidence_objection
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import FIRST_DEPLOY, Compliance, Guard

HASH_LENGTH = 12

Outcomes = Mapping[str, StepOutcome]
Finding = tuple[bool, str]


class Proof(Value):
    """Whether a compliance word holds in this run, and what says so."""

    word: Compliance
    proven: bool
    evidence: str


def prove(
    words: Iterable[Compliance],
    provers: Mapping[Compliance, tuple[str, ...]],
    outcomes: Iterable[StepOutcome],
    approved: Given | None,
) -> tuple[Proof, ...]:
    """Prove each word; `provers` names the steps whose tools prove it."""
    ends = {each.id: each for each in outcomes}
    found = []
    for word in words:
        proven, evidence = _find(word, provers.get(word, ()), ends, approved)
        found.append(Proof(word=word, proven=proven, evidence=evidence))
    return tuple(found)


def moment(at: float) -> str:
    """Write Unix seconds as people and programs read them: `2026-01-20 11:00:03 UTC`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _find(
    word: Compliance, steps: tuple[str, ...], ends: Outcomes, approved: Given | None
) -> Finding:
    match word:
        case Compliance.APPROVAL_REQUIRED:
            return _approved(ends, approved)
        case Compliance.BACKUP_VERIFIED:
            return _saved(ends)
        case Compliance.ROLLBACK_PLAN_READY:
            return _way_back(ends)
        case _:
            return _by_steps(steps, ends, _EVIDENCE[word])


def _by_steps(
    steps: tuple[str, ...], ends: Outcomes, read: Callable[[Mapping[str, Any]], Finding]
) -> Finding:
    """Find the first step whose output proves the word."""
    finding: Finding = False, "no step of the plan answers for it"
    for step in steps:
        output, lacking = _output(step, ends)
        finding = (False, lacking) if output is None else read(output)
        finding = finding[0], f"{step}: {finding[1]}"
        if finding[0]:
            break
    return finding


def _output(task: str, ends: Outcomes) -> tuple[Mapping[str, Any] | None, str]:
    """Return what a task that succeeded has left, or what lacks."""
    end = ends.get(task)
    if end is None or end.state != "success":
        return None, "did not run" if end is None else end.state.replace("_", " ")
    objection = evidence_objection({task: end.output})
    return (None, end.problem or "left no evidence") if objection else (end.output, "")


def _judged(output: Mapping[str, Any]) -> Finding:
    analysis, status = output.get("analysis_id"), output.get("status")
    gate = output.get("quality_gate")
    verdict = f"{gate}: {status}" if gate else str(status)
    named = f"analysis {analysis}" if analysis else "no analysis is named"
    return bool(analysis) and status in _PASSED, f"{verdict}, {named}"


def _watched(output: Mapping[str, Any]) -> Finding:
    seconds, requests = output.get("observed_seconds", 0), output.get("requests", 0)
    if not seconds and not requests:
        return False, "nothing was measured"
    return True, f"watched for {seconds} s, {output.get('failed')} of {requests} requests failed"


def _approved(ends: Outcomes, approved: Given | None) -> Finding:
    asked = ends.get(Guard.APPROVAL.value)
    if approved is None:
        return False, "nobody's answer is on record"
    if approved.option != APPROVE or asked is None or asked.state != "success":
        return False, f"{approved.by} answered {approved.option!r}, and it was not taken as a yes"
    subject = approved.subject_sha256[:HASH_LENGTH]
    return True, f"approved by {approved.by} at {moment(approved.at)} for the subject {subject}"


def _saved(ends: Outcomes) -> Finding:
    output, lacking = _output(Guard.BACKUP.value, ends)
    if output is None or output.get("verified") is not True:
        return False, f"backup: {lacking or 'was not read back'}"
    objects = ", ".join(str(each) for each in output.get("objects") or ()) or "nothing was there"
    file = f"{output.get('archive')}, sha256 {str(output.get('sha256'))[:HASH_LENGTH]}"
    return True, f"read back and compared: {objects}; kept as {file}"


def _way_back(ends: Outcomes) -> Finding:
    saved, lacking = _output(Guard.BACKUP.value, ends)
    if saved is None or not (target := str(saved.get("target") or "")):
        return False, f"backup: {lacking or 'names no target'}"
    shown, _ = _output(Guard.PREVIEW.value, ends)
    if target.startswith(FIRST_DEPLOY) and (shown or {}).get("target") != target:
        return False, f"{target}, but the preview did not show that"
    return True, target


_PASSED = ("OK", "passed")
_EVIDENCE: Mapping[Compliance, Callable[[Mapping[str, Any]], Finding]] = {
    Compliance.QUALITY_GATE_PASSED: _judged,
    Compliance.SECURITY_SCAN_PASSED: _judged,
    Compliance.MONITORING_ENABLED: _watched,
}
"""How the output of a step that answers for a word is read."""
