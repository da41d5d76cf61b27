import pytest

from opsbot.verification import approval
from opsbot.verification.approval import Given, Rule, Subject

SUBJECT = Subject(
    fingerprint="f" * 64, digest="sha256:" + "d" * 64, change_sha256="c" * 64, live_sha256="a" * 64
)
PROVEN = {
    "build": {"status": "SUCCESS"},
    "test": {"failed": 0},
    "quality_scan": {"status": "OK"},
    "security_scan": {"status": "passed"},
}


def given(**changes):
    values = {
        "subject_sha256": SUBJECT.sha256,
        "plan_id": "plan_1",
        "option": "Approve",
        "by": "admin",
        "at": 1000.0,
    }
    return Given(**{**values, **changes})


def objection(answer, subject=SUBJECT, now=1060.0, **rules):
    rule = Rule(expires_after=3600, **rules)
    return approval.objection(answer, subject, "plan_1", rule, now=now)


def test_a_fresh_approval_of_this_subject_is_good():
    assert objection(given()) is None


def test_s21_an_absent_approval_is_refused():
    assert "nobody approved" in objection(None)


def test_s14_a_rejection_is_no_approval():
    assert objection(given(option="Reject")) == "admin answered 'Reject'"


def test_s14_an_approval_of_another_plan_is_refused():
    assert "'plan_0'" in objection(given(plan_id="plan_0"))


@pytest.mark.parametrize("field", ["fingerprint", "digest", "change_sha256", "live_sha256"])
def test_s15_an_approval_is_void_when_any_part_of_its_subject_changes(field):
    changed = SUBJECT.model_copy(update={field: "0" * 64})

    assert "not what was approved" in objection(given(), changed)


def test_s21_a_stale_approval_is_refused():
    assert objection(given(), now=1000.0 + 24 * 3600) == (
        "the approval is 1440 minutes old; it holds for 60"
    )


def test_s14_who_is_not_among_the_approvers_may_not_approve():
    assert objection(given(by="admin"), approvers=("anna", "ben")) == (
        "admin is not among its approvers (anna, ben)"
    )
    assert objection(given(by="ben"), approvers=("anna", "ben")) is None


@pytest.mark.parametrize("who", [{"by": "admin"}, {"by": "17", "name": "admin"}])
def test_s14_four_eyes_are_two_people(who):
    assert "second person" in objection(given(**who), four_eyes=True, requester="admin")
    assert objection(given(**who), four_eyes=True, requester="anna") is None


def test_s14_four_eyes_need_to_know_who_asked():
    assert "nobody knows who asked" in objection(given(), four_eyes=True)


def test_proven_steps_raise_no_objection():
    assert approval.evidence_objection(PROVEN) is None


@pytest.mark.parametrize("step", PROVEN)
def test_s21_a_step_marked_as_successful_by_hand_left_no_evidence(step):
    assert approval.evidence_objection({**PROVEN, step: None}) == (
        f"step {step!r} left no evidence (was it marked as successful by hand?)"
    )


def test_evidence_of_a_failed_gate_is_refused():
    outputs = {**PROVEN, "quality_scan": {"status": "ERROR"}}

    assert "says status 'ERROR'" in approval.evidence_objection(outputs)
