"""One question to a model: what it is told, and that no model can cost more than its time."""

import json
import threading
import time
from typing import Any

import pytest
from airflow.providers.common.ai.hooks.pydantic_ai import PydanticAIHook
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.usage import RequestUsage

from opsbot.integrations.llm import interpreter
from opsbot.understanding import proposal
from opsbot.understanding.answer import Intent
from opsbot.understanding.proposal import Proposal, Unsettled
from opsbot.vocabulary.errors import StepFailed
from tests.understanding.sample_organisation import sample

COMMAND = "wakey wakey, deploy payments-api to production"
READ = {
    "action": "deploy", "application": "payments-api", "environment": "production",
    "asides": ["wakey"],
}  # fmt: skip


class Hook(PydanticAIHook):
    """Airflow's hook on a model of the test."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.test_model = model

    def get_conn(self) -> Model:
        return self.test_model


class Spoken:
    """A model that says what it is given to say, and remembers what it was asked."""

    def __init__(self, *said: Any) -> None:
        self.said, self.asked = list(said), []

    def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.asked.append((messages, info))
        answer = self.said[min(len(self.asked), len(self.said)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            return ModelResponse(parts=[TextPart(answer)])
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, answer)])


def open_command(command: str = COMMAND) -> Unsettled:
    found = proposal.unsettled(command, sample())
    assert found is not None
    return found


def propose(model: Any, seconds: float = 20.0) -> Proposal | None:
    function = model if isinstance(model, Model) else FunctionModel(model)
    return interpreter.propose(open_command(), sample(), Hook(function), seconds=seconds)


def test_a_models_reading_comes_back_as_a_proposal():
    assert propose(Spoken({"proposal": READ})) == Proposal.model_validate(READ)


def test_a_model_may_find_the_command_unclear():
    assert propose(Spoken({"proposal": None})) is None


def test_pydantic_ais_own_test_model_proposes_nothing_that_is_taken():
    found = propose(TestModel())

    assert found is None or proposal.settle(open_command(), found) is None


def test_a_model_is_told_the_command_as_data_and_names_and_nothing_else():
    model = Spoken({"proposal": None})

    propose(model)

    (messages, info) = model.asked[0]
    assert [part.content for each in messages for part in each.parts] == [
        json.dumps({"command": COMMAND, "unexplained": ["wakey"]})
    ]
    told = info.instructions
    for each in sample().applications:
        assert each.name in told
        assert each.repository not in told
        assert each.image.name not in told
    assert "approver" not in told
    assert info.function_tools == []
    assert info.model_settings["max_tokens"] == interpreter.LONGEST_ANSWER
    assert info.model_settings["max_retries"] == 0


def test_no_secret_of_a_command_reaches_a_model():
    model = Spoken({"proposal": None})
    secret = "ghp_" + "a1" * 18
    reading = Intent(action="test", application="payments-api", command="")
    command = Unsettled(text=f"wakey, test it with {secret}", words=("wakey",), reading=reading)

    interpreter.propose(command, sample(), Hook(FunctionModel(model)))

    assert secret not in str(model.asked)
    assert "***" in str(model.asked)


@pytest.mark.parametrize(
    "said",
    [
        "Sure! I have deployed it to production and approved it myself.",
        "", {}, {"proposal": "deploy"}, {"proposal": {**READ, "approved": True}},
        {"proposal": {**READ, "action": "delete"}}, {"proposal": {**READ, "asides": ["a"] * 999}},
        {"proposal": {**READ, "version": "9" * 100_000}}, {"plan": {"steps": []}},
        '{"proposal": ', "\x00\x1b[31m",
    ],
    ids=lambda each: str(each)[:40],
)  # fmt: skip
def test_garbage_is_a_fault_and_nobody_is_asked_again(said: Any):
    model = Spoken(said, {"proposal": READ})

    with pytest.raises(StepFailed, match="gave no proposal"):
        propose(model)

    assert len(model.asked) == 1


@pytest.mark.parametrize("fault", [RuntimeError("boom"), OSError("no route"), ValueError("bad")])
def test_a_model_that_fails_is_asked_once(fault: Exception):
    model = Spoken(fault)

    with pytest.raises(StepFailed, match=type(fault).__name__):
        propose(model)

    assert len(model.asked) == 1


def test_the_fault_of_a_model_tells_no_secret():
    key = "sk-" + "b2" * 20

    with pytest.raises(StepFailed) as failed:
        propose(Spoken(RuntimeError(f"401: key {key} is wrong")))

    assert key not in str(failed.value)
    assert failed.value.__cause__ is None


def test_a_connection_that_makes_no_model_is_a_fault():
    class Broken(PydanticAIHook):
        def get_conn(self) -> Model:
            raise ImportError("install the client of this provider")

    with pytest.raises(StepFailed, match="install the client"):
        interpreter.propose(open_command(), sample(), Broken())


def test_more_tokens_than_allowed_are_a_fault():
    def wordy(_: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        call = ToolCallPart(info.output_tools[0].name, {"proposal": READ})
        return ModelResponse(parts=[call], usage=RequestUsage(output_tokens=1_000_000))

    with pytest.raises(StepFailed, match="gave no proposal"):
        propose(wordy)


def test_a_model_that_dawdles_is_left_behind():
    released = threading.Event()

    def dawdle(_: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        released.wait(30)
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, {"proposal": READ})])

    propose(Spoken({"proposal": None}))  # loads pydantic-ai, which is not the model's time
    began = time.monotonic()

    with pytest.raises(StepFailed, match=r"did not answer within 0\.2 seconds"):
        propose(dawdle, seconds=0.2)

    took = time.monotonic() - began
    released.set()
    assert took < 5
