"""The three answers to a command.

An intent is complete: every slot its action needs is filled. A question names the slots that lack
and, where they are known, the choices. A refusal names the rule. Nothing in between exists.
"""

from typing import Literal

from pydantic import Field

from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Action, RefusalCode, Urgency


class Intent(Value):
    """What a person wants done, with every slot its action needs."""

    action: Action
    target: str = "code"
    """What the words named: code, image, config, pods, logs..."""
    application: str
    environment: str | None = None
    platform: Literal["kubernetes"] | None = None
    urgency: Urgency = Urgency.NORMAL
    parameters: dict[str, str | int] = Field(default_factory=dict)
    """version, branch, commit, revision, replicas, from: as typed; numbers as integers."""
    command: str
    """As typed; in a plan its secrets are masked."""


class Question(Value):
    """What must be said more clearly before anything can be planned."""

    outcome: Literal["question"] = "question"
    question: str
    missing: tuple[str, ...] = ()
    options: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Refusal(Value):
    """Why a command is not carried out."""

    outcome: Literal["refusal"] = "refusal"
    code: RefusalCode
    reason: str


Understanding = Intent | Question | Refusal
