"""The summary of a run: success is claimed only where it was measured."""

import pytest

from opsbot.capabilities import catalog
from opsbot.planning import outputs, reporting, summary
from opsbot.planning.plan import Plan
from opsbot.vocabulary.outcome import StepOutcome
from opsbot.vocabulary.words import Action
from tests.makers import a_plan, an_intent
from tests.planning.runs import OUTPUTS, a_run, outcomes


def summed_up(plan: Plan, ended: list[StepOutcome], seconds: float = 1.0) -> str:
    """Write the summary of a run of the plan."""
    return summary.text(reporting.make(plan, a_run(plan, ended, seconds=seconds)))


def test_run_that_ended_well_is_completed_but_not_more_than_measured() -> None:
    text = summed_up(a_plan(), outcomes(), 25.15)

    assert "Plan ID: plan_deploy_production_1737354243" in text
    assert "Status: COMPLETED\nDuration: 25.15s\nSteps Completed: 10\nSteps Failed: 0\n" in text
    assert "✅ 6 success criteria met, 2 not measured" in text
    assert "All success criteria met" not in text


@pytest.mark.parametrize(
    "words",
    [
        "Output: Build #142 - SUCCESS - 5 artifacts created",
        "Output: 177 tests passed, 0 failed - Coverage: 87%",
        "Output: Quality gate production-gate: OK - 0 bugs, 0 vulnerabilities, 12 code",
        "Output: No critical/high vulnerabilities - 2 medium, 0 low; dependencies: not",
        "Output: Image pushed - r:5000/myorg/my-application:v1.0.0-prod (156MB)",
        "Output: Image verified - 8 layers, signature valid",
        "Output: Deployment successful - 2/2 replicas ready",
        "Output: 2 of 2 pods running, 2 ready",
        "Output: Application healthy - 0 errors, 0 warnings in the logs",
        "Output: Service my-application-service - 2 endpoints ready on port 30001, 40",
    ],
)
def test_output_of_each_step_is_a_line_of_words(words: str) -> None:
    assert words in summed_up(a_plan(), outcomes(), 1.0)


def test_failed_run_names_the_step_and_what_was_not_reached() -> None:
    text = summed_up(a_plan(), outcomes(failed="deploy"), 60.0)

    assert "Status: FAILED" in text
    assert "Steps Completed: 6\nSteps Failed: 1\n" in text
    assert "FAILED at step 7 (deploy). Nothing was changed in production." in text
    assert "❌ Step 7: Deploy to Kubernetes\n   Duration: 5.34s" in text
    assert "➖ Step 8: Verify pods are running\n   Not run: deploy failed before it" in text
    assert "❌ 1 of 8 success criteria not met" in text
    assert "✅ All pods" not in text


def test_step_nobody_reports_was_not_reached() -> None:
    text = summed_up(a_plan(), outcomes()[:-1], 1.0)

    assert "Status: INCOMPLETE" in text
    assert "➖ Step 10: Monitor service endpoint\n   Not run: not reached" in text


def test_everything_measured_and_met_is_all_met() -> None:
    plan = a_plan(intent=an_intent(action=Action.BUILD, environment=None, platform=None))

    text = summed_up(plan, outcomes()[:1], 3.0)

    assert "Build code of my-application: completed successfully!" in text
    assert "✅ All success criteria met!" in text


@pytest.mark.parametrize("capability", [each.name for each in catalog.native()])
def test_output_without_the_expected_fields_is_shown_as_it_is(capability: str) -> None:
    assert outputs.in_words(capability, {"odd": "\x1b[2J"}) == r'{"odd": "\\x1b[2J"}'.replace(
        r"\\x1b", r"\u001b"
    )


def test_every_tool_has_words_for_its_output() -> None:
    planned = {each.id: each.capability for each in a_plan().steps}

    for id, output in OUTPUTS.items():
        assert not outputs.in_words(planned[id], output).startswith("{")


def test_severe_findings_are_counted_first() -> None:
    counts = {"CRITICAL": 1, "HIGH": 3, "MEDIUM": 0, "LOW": 0}
    text = summed_up(a_plan(), outcomes(security_scan={"counts": counts}), 1.0)

    assert "1 critical, 3 high - 0 medium" in text


def test_coverage_that_nobody_measured_is_not_zero() -> None:
    text = summed_up(a_plan(), outcomes(test={"coverage": None}), 1.0)

    assert "Coverage: not measured" in text
