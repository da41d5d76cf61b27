"""The second reader of the front door: a language model, where the administrator connected one.

Without the connection nothing is asked and nothing leaves. With it, the model sees only commands
that the rules ask about and that its word could settle. Whatever goes wrong with it costs some
seconds and a line in the log: the question stands as if there were no model.
"""

from collections.abc import Callable

from opsbot.integrations.llm import interpreter
from opsbot.understanding import proposal
from opsbot.understanding.answer import Intent
from opsbot.understanding.proposal import Unsettled
from opsbot.vocabulary.organisation import Organisation

CONNECTION = "opsbot_llm"


def read(command: str, organisation: Organisation, *, say: Callable[[str], None]) -> Intent | None:
    """Return the intent that the rules and the model agree on, or None."""
    open_command = proposal.unsettled(command, organisation)
    if open_command is None or not _is_connected():
        return None
    try:
        proposed = _ask(open_command, organisation)
    except Exception as fault:  # no fault of a model may cost more than its help
        say(f"The question stands. {fault}")
        return None
    intent = proposal.settle(open_command, proposed) if proposed else None
    words = ", ".join(open_command.words)
    if intent is None:
        say(f"The model does not confirm what the rules would read without {words}.")
    else:
        say(f"The model confirms what the rules read without {words}.")
    return intent


def _is_connected() -> bool:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        Connection.get(CONNECTION)
    except AirflowNotFoundException:
        return False
    return True


def _ask(open_command: Unsettled, organisation: Organisation) -> proposal.Proposal | None:
    from airflow.providers.common.ai.hooks.pydantic_ai import PydanticAIHook

    return interpreter.propose(open_command, organisation, PydanticAIHook.get_hook(CONNECTION))
