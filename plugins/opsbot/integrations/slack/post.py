"""Post a message through an incoming webhook.

The webhook's address is its own password, so no error may quote it. A webhook of today's Slack
posts to the channel it was made for and ignores `channel`; older ones and look-alikes honour it.
Text from outside could ring everybody (`<!channel>`) or hide a link, so Slack's three control
characters are escaped; `*bold*` and emoji still work.
"""

import logging
from typing import Any

from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain
from opsbot.vocabulary.redaction import redact

SECONDS = 10
MARGIN = 200
LONGEST_TEXT = 3500
"""Slack cuts or refuses longer messages."""
QUIET = logging.getLogger("opsbot.slack_sdk")
"""At debug level Slack's client would log the webhook's address."""
QUIET.setLevel(logging.CRITICAL)


def post(connection_id: str, channel: str, text: str) -> None:
    """Send a text to a channel, once; raise where Slack did not take it."""
    response = _sent(connection_id, {"channel": channel, "text": shown(text)})
    match response.status_code:
        case 200:
            return
        case status if status == 429 or status >= 500:
            raise TryAgain(f"Slack is busy ({status}); the message to {channel} was not posted.")
        case status:
            raise StepFailed(
                f"Slack refused the message to {channel} ({status}: "
                f"{redact(str(response.body))[:100]}). Check the webhook of the connection "
                f"{connection_id!r}."
            )


def shown(text: str) -> str:
    """Return a text as Slack shall show it: no secrets, no hidden commands, not too long."""
    # Cut first: masking takes long on endless text. The margin keeps a secret at the cut whole.
    plain = redact(text[: LONGEST_TEXT + MARGIN])
    plain = plain if len(plain) <= LONGEST_TEXT else f"{plain[:LONGEST_TEXT]} ..."
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _sent(connection_id: str, message: dict[str, Any]) -> Any:
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

    # No automatic retry: a message whose answer was lost may have been posted.
    hook = SlackWebhookHook(
        slack_webhook_conn_id=connection_id, timeout=SECONDS, retry_handlers=[], logger=QUIET
    )
    try:
        client = hook.client
    except Exception as problem:
        raise Refused(
            f"The connection {connection_id!r} holds no webhook ({type(problem).__name__}): put "
            "its token or address into the password."
        ) from None
    try:
        # Past the hook's own call, which warns of `channel` and quotes answers in its errors.
        return client.send_dict(message)
    except Exception as fault:  # Slack's client raises whatever its transport raises
        raise TryAgain(
            f"Slack could not be reached ({type(fault).__name__}); nothing was posted."
        ) from None
