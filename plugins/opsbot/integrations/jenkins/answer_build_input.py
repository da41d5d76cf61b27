"""Answer an input step once, and see that the answer was taken.

Who answers first decides. Jenkins refuses a second answer, and lists a step no more once it is
answered, whatever the answer was and whoever gave it. So a step that does not wait is never taken
for one that this answer has settled.
"""

import json
from typing import Any, Literal
from urllib.parse import quote

import requests

from opsbot.capabilities.jenkins.answer_build_input import AnswerBuildInput
from opsbot.integrations.jenkins import addresses, builds, inputs
from opsbot.integrations.jenkins.client import JenkinsClient, refusal
from opsbot.integrations.jenkins.inputs import InputParameter, PendingInput
from opsbot.integrations.jenkins.lookup import as_word
from opsbot.integrations.waiting import until
from opsbot.vocabulary.errors import Refused, StepFailed, TryAgain
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.progress import Say


class AnsweredInput(Value):
    """The build after its input step was answered."""

    job: str
    build_number: int
    input_id: str
    message: str
    """What the step had asked."""
    answer: Literal["proceed", "abort"]
    state: builds.State
    result: str | None


def run(client: JenkinsClient, params: AnswerBuildInput, *, say: Say) -> AnsweredInput:
    """Answer the step if it waits, and return what the build does then."""
    step = _waiting(client, params)
    _send(client, params, step)
    build = until(lambda: _moved_on(client, params), client.limits.stop, client.clock)
    if build is None:
        raise StepFailed(
            f"{params.job_name} #{params.build_number} still waits for {params.input_id!r} after "
            "the answer was taken. Look at it in Jenkins."
        )
    say(f"{build.name}: {params.input_id} was answered ({params.answer}); {build.state}.")
    return AnsweredInput(
        job=build.job,
        build_number=build.number,
        input_id=step.id,
        message=step.message,
        answer=params.answer,
        state=build.state,
        result=build.result,
    )


def _waiting(client: JenkinsClient, params: AnswerBuildInput) -> PendingInput:
    """Return the step, or raise why it cannot be answered."""
    found = inputs.pending(client, params.job_name, params.build_number)
    build = builds.require(client, params.job_name, params.build_number)
    if found is None:
        raise StepFailed(
            f"This Jenkins cannot list what {build.name} waits for (a plugin lacks, or it is no "
            f"pipeline): answer it in Jenkins, {build.url}."
        )
    for step in found:
        if step.id == params.input_id:
            return step
    others = ", ".join(repr(each.id) for each in found) or "nothing"
    raise StepFailed(
        f"{build.name} ({build.state}) does not wait for {params.input_id!r} but for {others}. "
        "The step is not reached yet, or was answered, perhaps by an earlier try of this one: look "
        f"at {build.url} before answering anything else."
    )


def _send(client: JenkinsClient, params: AnswerBuildInput, step: PendingInput) -> None:
    """Send the answer once; a lost reply is no matter, for the effect is looked at."""
    place = addresses.of_build(params.job_name, params.build_number)
    id = quote(step.id, safe="")
    form: dict[str, str] = {}
    if params.answer == "abort":
        path = f"{place}input/{id}/abort"
    elif step.parameters:
        path, form = f"{place}wfapi/inputSubmit?inputId={id}", _form(step, params.values)
    elif params.values:
        raise Refused(f"{step.id!r} asks for no values: leave them out.")
    else:
        path = f"{place}input/{id}/proceedEmpty"
    try:
        response = client.post(path, form)
    except TryAgain:
        return
    _require_taken(response, path)


def _require_taken(response: requests.Response, path: str) -> None:
    if response.status_code == 400:
        raise StepFailed(f"{refusal(response, path)} Somebody else was first, or has to answer.")
    if response.status_code >= 400 and response.status_code < 500:
        raise refusal(response, path)
    response.close()


def _form(step: PendingInput, values: dict[str, str | bool]) -> dict[str, str]:
    """Return the form with a value for each of the step's parameters."""
    unknown = sorted(set(values) - {each.name for each in step.parameters})
    if unknown:
        names = ", ".join(each.name for each in step.parameters)
        raise Refused(f"{step.id!r} does not ask for {', '.join(unknown)}. It asks for: {names}.")
    given: list[dict[str, Any]] = [
        {"name": each.name, "value": _value(step, each, values)} for each in step.parameters
    ]
    return {"json": json.dumps({"parameter": given})}


def _value(
    step: PendingInput, parameter: InputParameter, values: dict[str, str | bool]
) -> str | bool:
    if parameter.type not in inputs.SIMPLE:
        raise Refused(
            f"{step.id!r} asks for {parameter.name}, a {parameter.type}: answer it in Jenkins."
        )
    value = values.get(parameter.name, parameter.default)
    if value is None:
        raise Refused(f"{step.id!r} asks for {parameter.name} and has no default: give a value.")
    word = as_word(value)
    if parameter.choices and word not in parameter.choices:
        raise Refused(f"{parameter.name}={word!r} is none of: {', '.join(parameter.choices)}.")
    if parameter.type != "BooleanParameterDefinition":
        return word
    if word not in ("true", "false"):
        raise Refused(f"{parameter.name}={word!r}: Jenkins takes all but `true` for false.")
    return word == "true"


def _moved_on(client: JenkinsClient, params: AnswerBuildInput) -> builds.Build | None:
    """Return the build once the step is settled; an aborted one once it is over."""
    found = inputs.pending(client, params.job_name, params.build_number) or ()
    if any(each.id == params.input_id for each in found):
        return None
    build = builds.require(client, params.job_name, params.build_number)
    return build if build.over or params.answer == "proceed" else None
