"""Input steps: a build that waits for somebody's answer.

Who answers first decides; a second answer is refused. While it waits the build counts as running.
"""

import json
import time
from typing import Any

from opsbot.sandbox.jenkins import triggers
from opsbot.sandbox.jenkins.builds import Build, Question, Stage
from opsbot.sandbox.jenkins.jobs import Input
from opsbot.sandbox.loopback import Request

LOOK_SECONDS = 0.05


class Objection(Exception):
    """An answer that the input step does not take."""


def ask(build: Build, stage: Stage, step: Input) -> None:
    """Wait for the answer; an abort, or a stop meanwhile, ends the build as aborted."""
    question = Question(step, asked=int(time.time() * 1000))
    build.questions.append(question)
    build.say(step.message)
    stage.status = "PAUSED_PENDING_INPUT"
    while not question.answered.wait(LOOK_SECONDS):
        if build.stopping.is_set():
            question.answered.set()
            return
    stage.status = "IN_PROGRESS"
    stage.paused = int(time.time() * 1000) - question.asked
    if question.proceeds:
        build.say(f"Approved by {question.user}")
    else:
        build.interrupt(f"Rejected by {question.user}")


def find(build: Build, id: str) -> Question | None:
    """Return the question of that id, answered or not."""
    found = [each for each in build.questions if each.input.id == id]
    return found[-1] if found else None


def answer(question: Question, user: str, *, proceeds: bool, request: Request | None) -> None:
    """Take an answer, with the values of its form if there is one."""
    if question.answered.is_set():
        raise Objection("This input has been already given")
    if request is not None:
        question.values = triggers.values_of(question.input.parameters, _sent(request))
    question.user, question.proceeds = user, proceeds
    question.answered.set()


def _sent(request: Request) -> dict[str, list[str]]:
    """Read `json={"parameter": [{"name": ..., "value": ...}]}`."""
    try:
        form: Any = json.loads(request.form()["json"][0])
        return {str(each["name"]): [triggers.word(each["value"])] for each in form["parameter"]}
    except (KeyError, TypeError, ValueError):
        raise Objection("Nothing is submitted") from None
