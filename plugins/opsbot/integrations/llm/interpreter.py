"""Ask a model how it reads a command: once, briefly, and for no more than a filled form.

The model's client may hang in ways that no setting of its own ends (a name server, a slow trickle
of bytes), so the call runs in a thread that is left behind when its time is over. Nothing is asked
twice: neither on a fault of the network nor after an answer that is no proposal.
"""

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from opsbot.integrations.llm import instructions
from opsbot.understanding.proposal import Proposal, Unsettled
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.organisation import Organisation
from opsbot.vocabulary.redaction import redact

if TYPE_CHECKING:
    from airflow.providers.common.ai.hooks.pydantic_ai import PydanticAIHook
    from pydantic_ai import Agent

SECONDS = 8.0
LONGEST_ANSWER = 2000
"""Tokens, a model's thinking included."""
LONGEST_FAULT = 500
"""Characters that are kept of a fault's own words."""


class Reading(Value):
    """What a model makes of a command."""

    proposal: Proposal | None
    """Null if the command is unclear."""


def propose(
    open_command: Unsettled,
    organisation: Organisation,
    hook: "PydanticAIHook",
    *,
    seconds: float = SECONDS,
) -> Proposal | None:
    """Return a model's reading, or None if it finds the command unclear; `StepFailed` on a fault.

    The agent, and with it the connection, is made in the caller's thread: Airflow hands out
    connections over the task's own line, which an abandoned thread must not hold.
    """
    try:
        agent = hook.create_agent(Reading, instructions=instructions.of(organisation), retries=0)
    except Exception as fault:  # a wrong connection, a client that is not installed
        raise _no_proposal(fault) from None
    message = instructions.message(open_command)
    return _in_time(lambda: _ask(agent, message, seconds), seconds).proposal


def _ask(agent: "Agent[object, Reading]", message: str, seconds: float) -> Reading:
    from pydantic_ai.settings import ModelSettings
    from pydantic_ai.usage import UsageLimits

    return agent.run_sync(
        message,
        model_settings=ModelSettings(max_tokens=LONGEST_ANSWER, timeout=seconds, max_retries=0),
        usage_limits=UsageLimits(request_limit=1, output_tokens_limit=LONGEST_ANSWER),
    ).output


def _in_time(call: Callable[[], Reading], seconds: float) -> Reading:
    """Return what a call returns; `StepFailed` if it fails or takes too long."""
    answers: queue.SimpleQueue[Reading | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(call())
        except Exception as fault:  # a model's client raises whatever its transport raises
            answers.put(fault)

    threading.Thread(target=run, name="opsbot-llm", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise StepFailed(f"The model did not answer within {seconds:g} seconds.") from None
    if isinstance(answer, Exception):
        raise _no_proposal(answer) from None
    return answer


def _no_proposal(fault: Exception) -> StepFailed:
    said = redact(str(fault)[:LONGEST_FAULT])
    return StepFailed(f"The model gave no proposal ({type(fault).__name__}: {said}).")
