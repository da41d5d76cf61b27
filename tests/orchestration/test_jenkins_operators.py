"""Jenkins steps on Airflow: what a retry, a killed worker and a killed task leave behind."""

import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opsbot.orchestration import ticket as tickets
from opsbot.orchestration.operators.jenkins import TaskMemory, TriggerBuildOperator
from opsbot.sandbox.jenkins import running
from opsbot.sandbox.jenkins import server as jenkins
from opsbot.sandbox.jenkins.jobs import Job, Parameter
from opsbot.sandbox.jenkins.logins import Login
from opsbot.sandbox.jenkins.queue import Server
from opsbot.sandbox.jenkins.running import Place
from tests.contract.jenkins import recipes
from tests.contract.jenkins.recipes import BRANCH, BUILT, RUN, Recipe, Wait
from tests.makers import a_plan

DECLARED = (BRANCH, Parameter("environment"), Parameter("clean_build", True))
JOB = "production-build-pipeline"


class Store:
    """A task's state store: it outlives a try."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, key: str) -> Any:
        return json.loads(self.values[key]) if key in self.values else None

    def set(self, key: str, value: Any) -> None:
        self.values[key] = json.dumps(value)


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    place = Place(tmp_path, tmp_path / "no-repository", {})
    made = Server((), tmp_path, partial(running.run, place))
    login = Login()
    service = jenkins.start(made, login, lambda line: None)
    connection = {"conn_type": "jenkins", "host": "127.0.0.1", "port": service.port}
    connection |= {"login": login.user, "password": login.token}
    monkeypatch.setenv("AIRFLOW_CONN_OPSBOT_JENKINS", json.dumps(connection))
    yield made
    service.stop()
    made.stop()


def add(server: Server, *parameters: Parameter, seconds: int = 0) -> Job:
    acts = (Wait(seconds), *BUILT) if seconds else BUILT
    job = recipes.for_sandbox(JOB, Recipe({"Build": acts}, (*DECLARED, *parameters)))
    server.add(job)
    return job


def an_operator() -> TriggerBuildOperator:
    plan = a_plan()
    step = plan.made_by("trigger_build")
    assert step is not None
    ticket = tickets.of(plan, 7, tuple(each.id for each in plan.steps))
    return TriggerBuildOperator(step=step, ticket=ticket)


def in_try(store: Store) -> dict[str, Any]:
    ti = SimpleNamespace(dag_id="opsbot__my-application__production", run_id="r", task_id="build")
    return {"ti": ti, "task_state_store": store}


@pytest.mark.parametrize("parameters", [(RUN,), ()], ids=["key", "no key"])
def test_a_retry_goes_on_with_the_build_of_a_killed_worker(
    server: Server, monkeypatch: pytest.MonkeyPatch, parameters: tuple[Parameter, ...]
) -> None:
    job = add(server, *parameters)
    store = Store()
    with monkeypatch.context() as dying:
        dying.setattr(TaskMemory, "write", dies_after(TaskMemory.write))
        with pytest.raises(Killed):
            an_operator().act(in_try(store))

    output = an_operator().act(in_try(store))

    assert list(server.builds[job.name]) == [output.model_dump()["build_number"]]


def dies_after(write: Any) -> Any:
    """Let the worker be killed when its queue item is written down."""

    def dying(memory: TaskMemory, attempt: Any) -> None:
        write(memory, attempt)
        if attempt.handle is not None:
            raise Killed

    return dying


def test_a_killed_task_stops_its_build(server: Server) -> None:
    job = add(server, RUN, seconds=60)
    operator = an_operator()
    problems: list[str] = []

    def act() -> None:
        try:
            operator.act(in_try(Store()))
        except Exception as problem:  # what the thread meets is looked at below
            problems.append(str(problem))

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    while not server.builds[job.name]:
        time.sleep(0.05)

    operator.on_kill()

    thread.join(60)
    (build,) = server.builds[job.name].values()
    assert build.result == "ABORTED"
    assert "was aborted" in problems[0]


def test_a_task_that_is_killed_before_it_began_stops_nothing(server: Server) -> None:
    an_operator().on_kill()

    assert server.waiting() == []
