"""What the pipeline's own API (`wfapi`) says of stages and of questions that wait.

Its words are not the build's: FAILED for FAILURE, and PAUSED_PENDING_INPUT, which no build says.
Addresses in it have no host.
"""

from typing import Any

from opsbot.sandbox.jenkins.builds import Build, Question, Stage
from opsbot.sandbox.jenkins.jobs import Parameter
from opsbot.sandbox.jenkins.places import path_of

Json = dict[str, Any]
FIRST_NODE = 6
STATUS = {"FAILURE": "FAILED", "NOT_BUILT": "NOT_EXECUTED"}


def describe(build: Build, now: int) -> Json:
    """Describe a build's stages."""
    place = _place(build)
    return {
        "_links": {"self": {"href": f"{place}wfapi/describe"}},
        "id": str(build.number),
        "name": f"#{build.number}",
        "status": _status(build),
        "startTimeMillis": build.started,
        "endTimeMillis": build.started + build.duration,
        "durationMillis": build.duration or now - build.started,
        "queueDurationMillis": 0,
        "pauseDurationMillis": sum(each.paused for each in build.stages),
        "stages": [
            _stage(each, FIRST_NODE + 5 * index, place) for index, each in enumerate(build.stages)
        ],
    }


def pending(build: Build) -> list[Json]:
    """Describe the questions that wait."""
    place = _place(build)
    return [_question(each, place) for each in build.pending]


def _status(build: Build) -> str:
    if not build.building:
        return STATUS.get(str(build.result), str(build.result))
    return "PAUSED_PENDING_INPUT" if build.pending else "IN_PROGRESS"


def _stage(stage: Stage, node: int, place: str) -> Json:
    error = {"message": stage.error, "type": "hudson.AbortException"}
    return {
        "_links": {"self": {"href": f"{place}execution/node/{node}/wfapi/describe"}},
        "id": str(node),
        "name": stage.name,
        "execNode": "",
        "status": stage.status,
        **({"error": error} if stage.error else {}),
        "startTimeMillis": stage.started,
        "durationMillis": stage.duration,
        "pauseDurationMillis": stage.paused,
    }


def _question(question: Question, place: str) -> Json:
    id = question.input.id
    return {
        "id": id,
        "proceedText": "Proceed",
        "message": question.input.message,
        "inputs": [_input(each) for each in question.input.parameters],
        "proceedUrl": f"{place}wfapi/inputSubmit?inputId={id}",
        "abortUrl": f"{place}input/{id}/abort",
        "redirectApprovalUrl": f"{place}input",
    }


def _input(parameter: Parameter) -> Json:
    choices = {"choices": list(parameter.choices)} if parameter.choices else {}
    return {
        "type": f"{parameter.kind}ParameterDefinition",
        "name": parameter.name,
        "description": parameter.description,
        "definition": {**choices, "defaultVal": parameter.standard},
    }


def _place(build: Build) -> str:
    return f"/{path_of(build.job.name)}{build.number}/"
