"""Answer an input step: let a waiting pipeline go on, or end it.

An input step is somebody's approval, so this tool speaks for a person. Which step it is for is
named; whichever else waits is left waiting.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from opsbot.capabilities.capability import Capability
from opsbot.capabilities.jenkins.job_names import OfBuild
from opsbot.vocabulary.model import Span
from opsbot.vocabulary.words import Risk, ServerKind


class AnswerBuildInput(OfBuild):
    """Which step, and what to answer."""

    input_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
    """As Jenkins lists it: `Deploy-to-production`."""
    answer: Literal["proceed", "abort"]
    values: dict[str, str | bool] = Field(default_factory=dict, max_length=50)
    """For the step's own parameters; one that is left out takes its default."""

    @model_validator(mode="after")
    def _values_go_with_proceed(self) -> Self:
        if self.values and self.answer == "abort":
            raise ValueError("an abort takes no values; leave them out")
        return self


CAPABILITY = Capability(
    server=ServerKind.JENKINS,
    name="answer_build_input",
    params=AnswerBuildInput,
    risk=Risk.HIGH,
    duration=Span(min=0, max=60),
    changes=True,
    undo="irreversible: the pipeline goes on or ends by this answer",
    summary="Answer a build's input",
    what_it_does="Answers an approval that a Jenkins pipeline waits for, in a person's name",
)
