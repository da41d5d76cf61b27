"""The report task: what it gathers, and what it does not believe."""

import pytest
from airflow.sdk.exceptions import AirflowFailException

from opsbot.orchestration import gathering, seal
from opsbot.orchestration.operators.report import ReportOperator
from opsbot.orchestration.operators.step_operator import PROBLEM, clear_errors
from opsbot.planning.report import Report
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.words import Action
from tests.makers import a_plan, an_intent
from tests.orchestration.run_in_airflow import RunInAirflow
from tests.planning.runs import NO, YES


@pytest.fixture
def run():
    return RunInAirflow(a_plan())


def report_of(run) -> Report:
    task = ReportOperator(plan=run.plan, ticket=run.ticket)
    return Report.model_validate(task.execute(run.context("report"))["data"])


def test_a_good_run_is_reported_as_markdown_and_data(run):
    task = ReportOperator(plan=run.plan, ticket=run.ticket)

    output = task.execute(run.context("report"))

    assert output["markdown"].startswith("# ✅ Deploy code to production Kubernetes\n")
    data = Report.model_validate(output["data"])
    assert data.totals.completed == 10
    assert data.requested_by == "alice"
    assert data.steps[0].seconds == 1.23
    assert 30 <= data.totals.seconds < 60
    assert all(each.proven for each in data.compliance)


def test_an_output_that_somebody_else_wrote_proves_nothing(run):
    run.xcoms["quality_scan", "return_value"] = {"status": "OK", "analysis_id": "forged"}

    report = report_of(run)

    proof = next(each for each in report.compliance if each.word == "quality_gate_passed")
    assert not proof.proven
    assert "forged" not in report.model_dump_json()
    assert "marked by hand" in proof.evidence


def test_a_task_that_was_marked_by_hand_proves_nothing(run):
    for key in [each for each in run.xcoms if each[0] == "backup"]:
        del run.xcoms[key]

    unproven = {each.word for each in report_of(run).compliance if not each.proven}

    assert unproven == {"backup_verified", "rollback_plan_ready"}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "Approve by admin",
        YES.model_dump(),
        pytest.param("another", id="of another plan"),
    ],
)
def test_an_answer_that_no_approval_sealed_for_this_plan_does_not_count(run, answer):
    if answer == "another":
        answer = seal.close(YES.model_copy(update={"plan_id": "plan_deploy_staging_1"}))
    run.xcoms["approval", gathering.ANSWER] = answer

    report = report_of(run)

    assert report.answers == ()
    assert "approval_required" in {each.word for each in report.compliance if not each.proven}


def test_a_rejection_is_reported_with_who_and_why(run):
    run.fail("approval")
    run.states |= dict.fromkeys(("backup", "deploy", "verify_pods"), "upstream_failed")
    run.xcoms["approval", gathering.ANSWER] = seal.close(NO)

    report = report_of(run)

    assert report.headline == "REJECTED by admin. Nothing was changed."
    assert report.answers[0].reason == "not on a Friday"


def test_an_error_goes_from_its_task_to_the_report(run):
    context = run.context("deploy")
    with pytest.raises(AirflowFailException), clear_errors(context["ti"]):
        raise StepFailed("crashed\ntoken=abcdefghijklmnop")
    run.states["deploy"] = "failed"

    problem = report_of(run).steps[6].problem

    assert problem == ("crashed", "token=***")
    assert "abcdefghijklmnop" not in run.xcoms["deploy", PROBLEM]


def test_an_error_that_left_no_words_points_to_its_log(run):
    run.fail("deploy")

    assert report_of(run).steps[6].problem == ("its log says why",)


def test_a_plan_that_only_reads_is_answered(run):
    plan = a_plan(intent=an_intent(action=Action.STATUS))
    looked = RunInAirflow(plan)

    report = report_of(looked)

    assert report.reads_only
    assert "2 of 2 pods running, 2 ready" in {w for each in report.steps for w in each.words}


def test_the_report_belongs_to_its_plans_run_alone(run):
    context = run.context("report")
    context["dag_run"].run_id = "manual__by_hand"

    with pytest.raises(AirflowFailException, match="not started by the front door"):
        ReportOperator(plan=run.plan, ticket=run.ticket).execute(context)
