"""Proof that a step's output is its own.

XComs can be written by people who may edit them, and a scan's `status: OK` opens the gate to
production. So each step leaves beside its output a sealed hash of it, bound to the plan and the
step; the change believes only outputs that have theirs.
"""

from collections.abc import Mapping
from typing import Any

from opsbot.orchestration import seal
from opsbot.vocabulary.canonical import sha256_of
from opsbot.vocabulary.model import Value

KEY = "proof"
"""XCom key of a step's proof."""


class Proof(Value):
    """Whose output it is, and its hash."""

    plan_id: str
    step: str
    output_sha256: str


def of(plan_id: str, step: str, output: Mapping[str, Any]) -> str:
    """Return the sealed proof of an output."""
    return seal.close(Proof(plan_id=plan_id, step=step, output_sha256=sha256_of(dict(output))))


def objection(
    plan_id: str, outputs: Mapping[str, Mapping[str, Any] | None], proofs: Mapping[str, object]
) -> str | None:
    """Return which step's output is not proven to be its own, or None."""
    for step, output in outputs.items():
        found = seal.open_seal(proofs.get(step), Proof)
        expected = Proof(plan_id=plan_id, step=step, output_sha256=sha256_of(dict(output or {})))
        if found != expected:
            return f"the output of step {step!r} was not written by that step"
    return None
