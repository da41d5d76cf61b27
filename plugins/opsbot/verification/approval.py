"""Whether an approval is good for this change, now.

What a person approves is a subject: the plan, the image, the change that the API server would
make, and the live object it would be made to. The deploy compares all four by itself. It does not
believe the state of the approval task: Airflow lets an operator mark a task as successful, or
clear it and run on with an answer that was given for something else.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from opsbot.vocabulary.model import Value

APPROVE = "Approve"


class Subject(Value):
    """What is approved, and nothing else."""

    fingerprint: str
    digest: str
    """Of the image that will run."""
    change_sha256: str
    """Of the change as the API server previewed it."""
    live_sha256: str
    """Of the live template the change was previewed against."""

    @property
    def sha256(self) -> str:
        """One hash that stands for the whole subject."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Given(Value):
    """An approval as it was given."""

    subject_sha256: str
    plan_id: str
    option: str
    by: str
    """User id."""
    name: str = ""
    at: float
    """Unix seconds."""
    reason: str = ""
    """What they wrote beside it."""


class Rule(Value):
    """Who may approve a plan, and for how long it holds."""

    approvers: tuple[str, ...] = ()
    """User ids; empty: everyone whom Airflow lets answer."""
    four_eyes: bool = False
    """Whether the requester may not be the one who approves."""
    requester: str | None = None
    expires_after: int
    """Seconds that an approval holds once given."""


def objection(
    given: Given | None, subject: Subject, plan_id: str, rule: Rule, *, now: float
) -> str | None:
    """Return why an approval does not allow this subject now, or None if it does."""
    if given is None:
        return "nobody approved it (the approval's answer is not on record)"
    if given.plan_id != plan_id:
        return f"the approval on record was given for plan {given.plan_id!r}"
    if given.option != APPROVE:
        return f"{given.by} answered {given.option!r}"
    return who_may_not(given, rule) or _void(given, subject, rule, now)


def _void(given: Given, subject: Subject, rule: Rule, now: float) -> str | None:
    """Return why an approval that was rightly given does not hold any more, or None."""
    if given.subject_sha256 != subject.sha256:
        return (
            "what would be deployed is not what was approved: plan, image, previewed change or "
            "live object differ"
        )
    if now - given.at > rule.expires_after:
        minutes = int((now - given.at) / 60)
        return f"the approval is {minutes} minutes old; it holds for {rule.expires_after // 60}"
    return None


def who_may_not(given: Given, rule: Rule) -> str | None:
    """Return why the one who answered may not approve, or None if they may; all may reject."""
    if given.option != APPROVE:
        return None
    if rule.approvers and given.by not in rule.approvers:
        return f"{given.by} is not among its approvers ({', '.join(rule.approvers)})"
    if rule.four_eyes and rule.requester is None:
        return "nobody knows who asked for it, and the policy wants a second person (four eyes)"
    if rule.four_eyes and rule.requester in (given.by, given.name):
        return f"{given.by} asked for it, and the policy wants a second person (four eyes)"
    return None


def evidence_objection(outputs: Mapping[str, Mapping[str, Any] | None]) -> str | None:
    """Return which step before the deploy lacks its evidence, or None if all is proven.

    `outputs` maps the ids of the plan's steps before the deploy to what they returned. A task that
    was marked as successful by hand returned nothing.
    """
    for step, output in outputs.items():
        problem = _problem(step, output)
        if problem is not None:
            return f"step {step!r} {problem}"
    return None


def _problem(step: str, output: Mapping[str, Any] | None) -> str | None:
    if not output:
        return "left no evidence (was it marked as successful by hand?)"
    wanted: Mapping[str, Any] = _WANTED.get(step, {})
    for field, value in wanted.items():
        if output.get(field) != value:
            return f"says {field} {output.get(field)!r}, not {value!r}"
    return None


_WANTED: Mapping[str, Mapping[str, Any]] = {
    "build": {"status": "SUCCESS"},
    "test": {"failed": 0},
    "quality_scan": {"status": "OK"},
    "security_scan": {"status": "passed"},
}
