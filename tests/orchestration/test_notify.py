"""The team is told how a run ended; a message that cannot be sent changes nothing."""

import pytest

from opsbot.integrations.slack import post
from opsbot.orchestration.operators.notify import NotifyOperator
from opsbot.vocabulary.errors import TryAgain
from tests.makers import a_plan
from tests.orchestration.run_in_airflow import RunInAirflow


@pytest.fixture
def run():
    return RunInAirflow(a_plan())


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(post, "post", lambda *message: messages.append(message))
    return messages


def notified(run):
    return NotifyOperator(plan=run.plan, ticket=run.ticket).execute(run.context("notify"))


def test_a_good_end_is_said_with_application_version_and_environment(run, sent):
    output = notified(run)

    assert output["notified"] == ["slack"]
    connection, channel, text = sent[0]
    assert (connection, channel) == ("opsbot_slack", "#deployments")
    assert text.startswith(
        ":white_check_mark: *my-application v1.0.0-prod in production*: COMPLETED"
    )
    assert run.plan.plan_id in text


def test_a_failure_says_where_and_why(run, sent):
    run.fail("deploy", "it crashed 3 times\nlast line")

    notified(run)

    assert "FAILED at step 7 (deploy)" in sent[0][2]
    assert "\nit crashed 3 times\n" in sent[0][2]


def test_a_slack_that_is_down_fails_nothing(run, monkeypatch):
    def down(*_):
        raise TryAgain("Slack is busy (503)")

    monkeypatch.setattr(post, "post", down)

    assert notified(run)["notified"] == []
