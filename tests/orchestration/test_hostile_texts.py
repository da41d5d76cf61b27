"""Texts from outside on their way through a plan's tasks: nothing they say is let out or obeyed."""

import pytest
from airflow.sdk.exceptions import AirflowFailException
from pydantic import Field, ValidationError

from opsbot.orchestration import plan_dag
from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.operators.step_operator import GuardedOperator
from opsbot.vocabulary.errors import StepFailed
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Action
from tests.makers import a_plan, an_intent

SECRET = "hunter2secret"
TEXTS = {
    "jenkins": f"+ docker login -u bot -p {SECRET} registry",
    "pod log": f"could not connect to postgres://app:{SECRET}@db:5432/app",
    "sonarqube": f'Remove this hard-coded credential: DB_PASSWORD = "{SECRET}"',
    "label": f"https://user:{SECRET}@git.example.com/repository",
    "commit message": f"Rotate ghp_{SECRET}abcdefghij",
    "event": f'Error: env [{{"name":"API_TOKEN","value":"{SECRET}"}}]',
}


class Found(Value):
    """What a step found, word for word."""

    text: str
    labels: dict[str, str] = Field(default_factory=dict)
    lines: tuple[str, ...] = ()


class Left:
    """What a task leaves, by key."""

    def __init__(self):
        self.xcoms = {}

    def xcom_push(self, key, value):
        self.xcoms[key] = value


class Step(GuardedOperator):
    """A step whose work is what the test says."""

    def __init__(self, *, work, **kwargs):
        super().__init__(task_id="build", ticket=tickets.of(a_plan(), 7, ("build",)), **kwargs)
        self.work = work

    def check_run(self, context):
        """Any run will do."""

    def act(self, context):
        """Do the work."""
        return self.work()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_s10_what_a_step_returns_holds_no_secret_however_its_tool_found_it(text):
    left = Left()
    step = Step(work=lambda: Found(text=text, labels={"source": text}, lines=(text,)))

    returned = step.execute({"ti": left})

    assert SECRET not in str(returned) + str(left.xcoms)
    assert "***" in returned["text"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_s10_what_a_step_says_and_fails_with_holds_no_secret(text, caplog):
    left = Left()

    def work():
        step.say(text)
        raise StepFailed(text)

    step = Step(work=work)
    with pytest.raises(AirflowFailException) as failed:
        step.execute({"ti": left})

    assert SECRET not in str(failed.value) + caplog.text + str(left.xcoms)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_s10_an_answer_that_no_model_takes_is_not_shown_in_the_error():
    with pytest.raises(ValidationError) as unfit:
        Found.model_validate({"text": {"password": SECRET}, "labels": SECRET})

    assert SECRET not in str(unfit.value)


@pytest.mark.parametrize(
    "revision",
    ["main;curl x|sh", "$(id)", "--upload-pack=id", "../x", "", None, "MAIN", "{{ 7*7 }}", "a\nb"],
)
def test_s09_a_label_of_an_image_is_no_way_into_a_build(revision):
    """Whoever pushes an image writes its labels; what is tested must be a commit."""
    plan = a_plan(intent=an_intent(action=Action.PROMOTE, parameters={"from": "staging"}))
    test = plan_dag.build(plan, 7, "opsbot__my-application__production").get_task("test")
    test.found = {"revision": revision}

    with pytest.raises(StepFailed, match="from which commit"):
        _ = test.wanted


def test_s09_the_commit_of_an_image_is_what_is_tested():
    plan = a_plan(intent=an_intent(action=Action.PROMOTE, parameters={"from": "staging"}))
    test = plan_dag.build(plan, 7, "opsbot__my-application__production").get_task("test")
    test.found = {"revision": "4f2a9c1" + "0" * 33}

    assert test.wanted.branch == "4f2a9c1" + "0" * 33
