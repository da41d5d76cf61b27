"""Messages to Slack: posted once, and no error shows the webhook's address."""

import json

import pytest
from loopback import Reply

from opsbot.integrations.slack import post
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain

TOKEN = "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"


@pytest.fixture
def slack(monkeypatch, serve):
    received = []

    def start(*replies):
        answers = list(replies) or [Reply(200, "ok")]

        def answer(request):
            received.append(request)
            return answers.pop(0) if len(answers) > 1 else answers[0]

        connect(monkeypatch, f"{serve(answer)}/services")
        return received

    return start


def connect(monkeypatch, host, password=TOKEN):
    connection = {"conn_type": "slackwebhook", "host": host, "password": password}
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_SLACK", json.dumps(connection))


def send(text="Deployed v1.0.0", channel="#deployments"):
    post.post("opsbot_slack", channel, text)


def test_a_message_reaches_its_webhook_with_channel_and_text(slack):
    received = slack()

    send()

    assert [each.path for each in received] == [f"/services/{TOKEN}"]
    assert json.loads(received[0].body) == {
        "channel": "#deployments",
        "text": "Deployed v1.0.0",
    }


def test_text_from_outside_rings_nobody_hides_no_link_and_tells_no_secret(slack):
    received = slack()

    send("<!channel> <http://evil|docs> password=hunter2-really")

    text = json.loads(received[0].body)["text"]
    assert text.startswith("&lt;!channel&gt; &lt;http://evil|docs&gt;")
    assert "hunter2" not in text


def test_an_endless_text_is_cut(slack):
    received = slack()

    send("x" * 100_000)

    assert len(json.loads(received[0].body)["text"]) < 4000


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_refused_message_names_the_connection_and_never_the_webhook(slack, status):
    slack(Reply(status, "no_service"))

    with pytest.raises(StepFailed, match=r"no_service.*'opsbot_slack'") as failure:
        send()

    assert "XXXX" not in str(failure.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_slack_may_be_asked_again(slack, status):
    received = slack(Reply(status, "busy"))

    with pytest.raises(TryAgain):
        send()

    assert len(received) == 1


def test_a_lost_answer_is_not_posted_again_by_itself(slack):
    received = slack(None)

    with pytest.raises(TryAgain) as failure:
        send()

    assert len(received) == 1
    assert "XXXX" not in str(failure.value)


def test_a_connection_without_a_webhook_is_refused(monkeypatch):
    connect(monkeypatch, "http://127.0.0.1:1", password="")

    with pytest.raises(Refused, match="holds no webhook"):
        send()
