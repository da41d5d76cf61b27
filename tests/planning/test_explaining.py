"""A plan in words: what a person reads before saying yes."""

import json
import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsbot.capabilities import catalog
from opsbot.planning import explain, planner, wording
from opsbot.planning.gaps import Airflow
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.organisation import JenkinsJobs
from opsbot.vocabulary.words import Action
from tests.makers import AT, a_plan, an_application, an_intent, an_organisation, the_patterns

GOLDEN = Path(__file__).parent / "golden"


def test_text_of_the_command_everybody_starts_with() -> None:
    assert explain.text(a_plan()) == (GOLDEN / "deploy_to_production.txt").read_text()


def test_markdown_of_the_command_everybody_starts_with() -> None:
    assert explain.markdown(a_plan()) == (GOLDEN / "deploy_to_production.md").read_text()


def test_text_of_a_plan_with_gaps_says_what_is_missing_and_how_to_close_it() -> None:
    plan = planner.make_plan(
        an_intent(action=Action.RESTART),
        catalog.native(),
        the_patterns(),
        an_organisation(),
        at=AT,
        airflow=Airflow(connections=frozenset(), fernet_key=False),
    )

    text = explain.text(plan)

    assert text == (GOLDEN / "restart_with_gaps.txt").read_text()
    assert "airflow dags trigger" not in text


@pytest.mark.parametrize("action", Action)
def test_every_line_but_a_command_fits_a_terminal(action: Action) -> None:
    parameters = {"replicas": 3} if action is Action.SCALE else {}
    plan = a_plan(intent=an_intent(action=action, parameters=parameters))

    lines = explain.text(plan).splitlines()

    assert [line for line in lines if len(line) > 80 and "airflow " not in line] == []


def test_headings_come_in_the_order_a_reader_expects() -> None:
    text = explain.text(a_plan())
    headings = [
        "📋 INTELLIGENT TASK PLAN: plan_deploy_production_1737354243",
        "Task: Deploy code to production Kubernetes",
        "⚡ Priority: HIGH",
        "⚠   Overall Risk: HIGH",
        "Estimated Duration: 13-28 minutes",
        "📊 Total Steps: 10",
        "⚠   APPROVAL REQUIRED - High-risk operation in production environment",
        "📜 Compliance Requirements:",
        "🔄 Rollback Strategy:",
        "Automatic rollback available for 3 critical steps",
        "✅ Success Criteria:",
        "🚨 Failure Handling:",
        "EXECUTION STEPS",
        *(f"Step {number}: " for number in range(1, 11)),
        "💡 To run it",
    ]

    places = [text.find(each) for each in headings]

    assert -1 not in places
    assert places == sorted(places)


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_control_character_reaches_the_reader(typed: str) -> None:
    plan = a_plan(intent=an_intent(command=typed, target=typed), title=typed)

    for shown in (explain.text(plan), explain.markdown(plan)):
        assert shown.replace("\n", "") == wording.visible(shown.replace("\n", ""))


def test_terminal_tricks_are_spelt_out() -> None:
    plan = a_plan(title="Deploy\x1b[2Acode\u202egpj\u200b")

    text = explain.text(plan)

    assert r"Deploy\x1b[2Acode\u202egpj\u200b" in text
    assert "\x1b" not in text


def test_title_cannot_become_markdown() -> None:
    plan = a_plan(title="[yes](http://evil) <b>`x`</b>")

    assert r"# \[yes\](http://evil) \<b\>\`x\`\</b\>" in explain.markdown(plan)


def test_trigger_command_is_one_shell_word_with_the_command_as_typed() -> None:
    typed = "Deploy O'Brien's \"code\"; rm -rf / $(x)"

    line = next(
        each
        for each in explain.text(a_plan(intent=an_intent(command=typed))).splitlines()
        if each.strip().startswith("airflow dags trigger")
    )

    words = shlex.split(line)
    assert words[:5] == ["airflow", "dags", "trigger", "opsbot", "--conf"]
    assert json.loads(words[5]) == {"command": typed}
    assert len(words) == 6


def test_criterion_names_the_pods_that_the_command_asked_for() -> None:
    text = explain.text(a_plan(intent=an_intent(parameters={"replicas": 5})))

    assert "• All pods running and ready (5/5)" in text


def test_long_argument_is_broken_and_not_cut() -> None:
    job = "a" * 200
    application = an_application(jenkins=JenkinsJobs(build=job, test="tests"))
    plan = a_plan(organisation=an_organisation(applications=(application,)))

    assert job in explain.text(plan).replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ((120, 300), "2-5 minutes"),
        ((0, 60), "< 1 minute"),
        ((60, 60), "1 minute"),
        ((60, 90), "1-2 minutes"),
        ((10, 100), "< 2 minutes"),
        ((0, 0), "unknown"),
    ],
)
def test_duration_in_words(span: tuple[int, int], words: str) -> None:
    assert wording.minutes(Span(min=span[0], max=span[1])) == words
