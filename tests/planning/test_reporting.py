"""The report of a run: how it ended, who answered, what is proven, what was undone."""

from typing import Any

import pytest

from opsbot.planning import message, reporting, summary, summary_page
from opsbot.planning.ending import Status
from opsbot.planning.report import Report
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import Action, Compliance
from tests.makers import a_plan, an_intent
from tests.planning.runs import NO, SAVED, YES, a_run, outcomes

ACTIONS = [
    {"id": "stop_new", "state": "success", "seconds": 0.412, "note": "applied Deployment"},
    {"id": "restore", "state": "success", "seconds": 2.5, "note": "2 replicas"},
    {"id": "clean_up", "state": "skipped", "seconds": 0.0, "note": "nothing is left"},
]
RESTORED = {"restored": SAVED["target"], "version": "v0.9.5", "actions": ACTIONS}


def reported(*guards: StepOutcome, failed: str | None = None, **changes: Any) -> Report:
    """Make the report of a production deployment."""
    plan = a_plan()
    return reporting.make(plan, a_run(plan, outcomes(failed), guards=guards, **changes))


def ended(id: str, state: str = "success", **fields: Any) -> StepOutcome:
    return StepOutcome(id=id, state=state, seconds=1.0, **fields)


def rejected(**changes: Any) -> Report:
    never = [StepOutcome(id=each.id, state="upstream_failed") for each in a_plan().steps[6:]]
    plan = a_plan()
    run = a_run(
        plan,
        [*outcomes()[:6], *never],
        guards=[ended("approval", "failed"), StepOutcome(id="backup", state="upstream_failed")],
        **{"answers": {"approval": NO}, **changes},
    )
    return reporting.make(plan, run)


def rolled_back(**changes: Any) -> Report:
    problem = "Deployment 'my-application' crashed 3 times\nError loading config: /config/app.json"
    plan = a_plan()
    steps = [
        each if each.id != "deploy" else ended("deploy", "failed", problem=problem)
        for each in outcomes(failed="deploy")
    ]
    guards = [ended("rollback", output={**RESTORED, **changes}), ended("verify_rollback")]
    return reporting.make(plan, a_run(plan, steps, guards=guards))


def test_good_end_has_its_numbers() -> None:
    report = reported()

    assert report.status is Status.COMPLETED
    assert report.headline == "COMPLETED"
    assert report.totals.model_dump() == {
        "seconds": 25.15,
        "steps": 10,
        "completed": 10,
        "failed": 0,
        "not_run": 0,
        "criteria_met": 6,
        "criteria_missed": 0,
        "criteria_not_measured": 2,
    }
    assert report.version == "v1.0.0-prod"
    assert report.requested_by == "alice"
    assert report.reads_only is False


def test_who_approved_what_and_when_is_on_record() -> None:
    answer = reported().answers[0]

    assert (answer.question, answer.option, answer.by) == ("approval", "Approve", "admin")
    assert answer.subject_sha256 == YES.subject_sha256
    assert answer.at == "2025-01-20 06:25:00 UTC"


def test_every_word_of_a_good_run_is_proven_with_its_evidence() -> None:
    proofs = {each.word: each for each in reported().compliance}

    assert set(proofs) == set(Compliance)
    assert all(each.proven for each in proofs.values()), proofs
    assert "AX1" in proofs[Compliance.QUALITY_GATE_PASSED].evidence
    assert "approved by admin" in proofs[Compliance.APPROVAL_REQUIRED].evidence
    assert SAVED["target"] == proofs[Compliance.ROLLBACK_PLAN_READY].evidence


def test_rejection_is_a_decision_and_no_malfunction() -> None:
    report = rejected()

    assert report.status is Status.NOT_APPROVED
    assert report.headline == "REJECTED by admin. Nothing was changed."
    assert report.totals.failed == 0
    assert {each.why_not for each in report.steps[6:]} == {"approval was rejected"}
    assert report.verdict.startswith("➖ Not carried out")
    assert "Not run: approval was rejected" in summary.text(report)
    assert "not on a Friday" in summary.text(report)


def test_approval_that_nobody_gave_names_the_reason() -> None:
    report = rejected(answers={})

    assert report.headline == "NOT APPROVED: no answer is on record. Nothing was changed."
    assert {each.why_not for each in report.steps[6:]} == {"approval was not given"}


def test_rollback_is_told_with_the_version_and_real_times() -> None:
    report = rolled_back()
    text = summary.text(report)

    assert report.headline == "FAILED at step 7 (deploy), ROLLED BACK to v0.9.5."
    assert report.rollback is not None
    assert [each.seconds for each in report.rollback.actions] == [0.412, 2.5, 0.0]
    assert "  ✅ stop new (0.41s): applied Deployment" in text
    assert "  ➖ clean up (0.00s): nothing is left" in text


def test_failed_step_shows_its_error_and_the_later_ones_why_they_did_not_run() -> None:
    text = summary.text(rolled_back())

    assert (
        "❌ Step 7: Deploy to Kubernetes\n   Duration: 1.00s\n"
        "   Error: Deployment 'my-application' crashed 3 times\n"
        "     Error loading config: /config/app.json\n" in text
    )
    assert "Not run: deploy failed before it" in text


def test_version_that_nobody_noted_is_named_by_what_was_restored() -> None:
    assert f"ROLLED BACK to {SAVED['target']}" in rolled_back(version="").headline


def test_digest_is_shortened_so_that_no_line_breaks_in_it() -> None:
    target = f"ReplicaSet a, image 127.0.0.1:41129/myorg/app@sha256:{'a1' * 32}, 2/2 ready"

    text = summary.text(rolled_back(restored=target))

    assert f"127.0.0.1:41129/myorg/app@sha256:{'a1' * 6}," in text


def test_first_deploy_is_not_called_rolled_back() -> None:
    nothing = "first deploy: nothing to go back to; scaled to 0 replicas"

    assert rolled_back(restored=nothing, version="").headline == (
        "FAILED at step 7 (deploy), SCALED TO 0: a first deploy has nothing to go back to."
    )


@pytest.mark.parametrize(
    ("rollback", "verified", "said"),
    [
        ("success", "failed", "that it serves is not verified."),
        ("failed", "upstream_failed", "THE ROLLBACK FAILED: a person must look at the cluster now"),
        ("skipped", "skipped", "Nothing was changed in production."),
    ],
)
def test_way_back_that_went_wrong_is_said(rollback: str, verified: str, said: str) -> None:
    report = reported(
        ended("rollback", rollback), ended("verify_rollback", verified), failed="deploy"
    )

    assert said in report.headline
    assert report.status is Status.FAILED


def test_check_that_fails_after_a_settled_change_rolled_nothing_back() -> None:
    report = reported(
        ended("rollback", "skipped"), ended("verify_rollback", "skipped"), failed="monitor"
    )

    assert report.headline == "FAILED at step 10 (monitor). Nothing was rolled back in production."


def test_rollback_says_whether_what_is_there_is_what_was_saved() -> None:
    deployment = {"object": "Deployment 'my-application'", "equal": True, "differences": []}
    secret = {"object": "Secret 'database'", "equal": False, "differences": ["data.password"]}
    guards = [
        ended("rollback", output=RESTORED),
        ended("verify_rollback", output={"objects": [deployment, secret]}),
    ]

    report = reporting.make(a_plan(), a_run(a_plan(), outcomes(failed="deploy"), guards=guards))

    assert report.rollback is not None
    assert report.rollback.objects == (
        "1 of 2 objects are exactly as they were saved",
        "Secret 'database' differs: data.password",
    )
    for written in (summary.text(report), summary_page.write(report)):
        assert all(words in written for words in report.rollback.objects)


def test_steps_that_all_succeeded_do_not_hide_a_rollback() -> None:
    report = reported(ended("rollback"), ended("verify_rollback"))

    assert report.status is Status.FAILED


def test_skipped_approval_is_no_good_end() -> None:
    report = reported(StepOutcome(id="approval", state="skipped"))

    assert report.status is Status.INCOMPLETE
    assert report.headline == "INCOMPLETE: approval is skipped."


def test_status_answers_with_what_its_steps_found() -> None:
    plan = a_plan(intent=an_intent(action=Action.STATUS))
    found = {
        "pods": 2,
        "running": 1,
        "ready": 1,
        "troubles": [
            "my-application-x: CrashLoopBackOff",
            "*my-application-y*: [Pending](http://e)",
        ],
    }
    steps = [ended("verify_pods", output=found)]

    page = summary_page.write(reporting.make(plan, a_run(plan, steps)))

    assert "## Answer" in page
    assert "- 1 of 2 pods running, 1 ready\n- my-application-x: CrashLoopBackOff\n" in page
    assert r"- \*my-application-y\*: \[Pending\](http://e)" in page
    assert "## Compliance" not in page


def test_page_shows_command_and_reason_as_data() -> None:
    command = "Deploy `it` | [now](http://evil) <b>"
    plan = a_plan(intent=an_intent(command=command))
    answers = {"approval": YES.model_copy(update={"reason": "**ok** `x`"})}

    page = summary_page.write(reporting.make(plan, a_run(plan, answers=answers)))

    assert "- Command: `Deploy ˋitˋ ｜ [now](http://evil) <b>`" in page
    assert "`**ok** ˋxˋ`" in page


def test_page_has_all_parts_of_the_record() -> None:
    page = summary_page.write(rolled_back())

    assert "**FAILED at step 7 (deploy), ROLLED BACK to v0.9.5.**" in page
    assert r"| stop new | success | 0.41s | applied Deployment |" in page
    assert "- ❌ `monitoring_enabled`: not proven: monitor: upstream failed" in page
    assert "- Requested by: `alice`" in page


def test_no_secret_gets_into_the_report() -> None:
    secret = "DB_PASSWORD=hunter2hunter2"
    steps = [ended("build", "failed", problem=f"env: {secret}"), *outcomes()[1:]]
    plan = a_plan(intent=an_intent(command=f"deploy {secret}"))

    report = reporting.make(plan, a_run(plan, steps))

    assert "hunter2" not in report.model_dump_json()
    assert "hunter2" not in summary_page.write(report) + summary.text(report)


def test_endless_error_is_cut_and_says_so() -> None:
    steps = [ended("build", "failed", problem="x" * 9000 + "\n" + "line\n" * 99)]

    problem = reporting.make(a_plan(), a_run(a_plan(), steps)).steps[0].problem

    assert len(problem) == reporting.LINES + 1
    assert problem[-1] == "... 60 more lines"
    assert len(problem[0]) < 500


def test_summary_fits_a_terminal() -> None:
    for report in (reported(), rejected(), rolled_back()):
        assert [line for line in summary.text(report).splitlines() if len(line) > 80] == []


def test_message_names_application_version_and_environment() -> None:
    assert message.text(reported()).splitlines() == [
        ":white_check_mark: *my-application v1.0.0-prod in production*: COMPLETED",
        "Deploy code to production Kubernetes (plan_deploy_production_1737354243, "
        "asked for by alice)",
    ]


def test_message_about_a_failure_has_the_first_line_of_the_error() -> None:
    lines = message.text(rolled_back()).splitlines()

    assert lines[0].startswith(":x: *my-application v1.0.0-prod in production*: FAILED at step 7")
    assert lines[1] == "Deployment 'my-application' crashed 3 times"


def test_message_about_a_rejection_is_no_alarm() -> None:
    text = message.text(rejected())

    assert text.startswith(":no_entry: *my-application v1.0.0-prod in production*: REJECTED by")
    assert ":x:" not in text
