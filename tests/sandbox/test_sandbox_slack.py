"""The end of the webhook."""

from collections.abc import Iterator

import pytest
import requests

from opsbot.sandbox.slack import server as slack
from opsbot.sandbox.slack.server import Channel
from tests.sandbox.conftest import log


@pytest.fixture
def webhook() -> Iterator[str]:
    channel = Channel()
    service = slack.start(channel, log)
    yield f"{service.url}{channel.path}"
    service.stop()


def messages(webhook: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = requests.get(
        f"{webhook.partition('/services/')[0]}/messages"
    ).json()["messages"]
    return found


def test_a_message_is_taken_and_can_be_read(webhook: str) -> None:
    answer = requests.post(webhook, json={"text": "It failed", "channel": "#deployments"})

    assert (answer.status_code, answer.text) == (200, "ok")
    (message,) = messages(webhook)
    assert (message["text"], message["channel"]) == ("It failed", "#deployments")


def test_messages_keep_their_order(webhook: str) -> None:
    for text in ("first", "second"):
        requests.post(webhook, json={"text": text})

    assert [message["text"] for message in messages(webhook)] == ["first", "second"]


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b'"text"'])
def test_what_is_no_message_is_refused(webhook: str, body: bytes) -> None:
    answer = requests.post(webhook, data=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.text) == (400, "invalid_payload")
    assert messages(webhook) == []


def test_a_message_without_content_is_refused(webhook: str) -> None:
    answer = requests.post(webhook, json={"channel": "#deployments"})

    assert (answer.status_code, answer.text) == (400, "no_text")


def test_another_webhook_is_unknown(webhook: str) -> None:
    answer = requests.post(f"{webhook}0", json={"text": "It failed"})

    assert (answer.status_code, answer.text) == (404, "no_service")


def test_the_slack_providers_own_client_gets_through(webhook: str) -> None:
    from slack_sdk.webhook import WebhookClient

    answer = WebhookClient(webhook).send(text="It failed")

    assert (answer.status_code, answer.body) == (200, "ok")
