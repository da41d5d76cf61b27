import pytest

from opsbot.orchestration import publishing
from opsbot.orchestration.publishing import SeenDag
from opsbot.store import plans
from opsbot.vocabulary.errors import Refused, TryAgain
from opsbot.vocabulary.progress import silent
from tests.fakes import FakeScheduler, FakeTime, FakeVariables
from tests.makers import a_plan, an_intent


def seen(version: int, *, tag: int | None = None, paused: bool = False) -> SeenDag:
    return SeenDag(version=version, tags=(f"plan:{tag or version}",), paused=paused)


def publish(scheduler, *, variables=None, time=None, plan_id="plan_1", request="run-1"):
    return publishing.publish(
        a_plan(plan_id=plan_id),
        request,
        variables if variables is not None else FakeVariables(),
        scheduler,
        say=silent,
        clock=(time or FakeTime()).clock,
    )


def test_publishing_waits_until_airflow_has_the_dag():
    time = FakeTime()

    publish(FakeScheduler(None, None, seen(1)), time=time)

    assert len(time.slept) == 2


def test_a_version_stamped_on_an_older_graph_does_not_count():
    time = FakeTime()

    publish(FakeScheduler(seen(1, tag=99), seen(1)), time=time)

    assert len(time.slept) == 1


def test_a_graph_of_the_plan_with_an_older_version_does_not_count():
    variables = FakeVariables()
    plans.publish(variables, a_plan(plan_id="plan_0"), "run-0", 1000.0)
    time = FakeTime()

    publish(FakeScheduler(seen(1, tag=2), seen(2)), variables=variables, time=time)

    assert len(time.slept) == 1


def test_a_second_plan_is_held_back_until_airflow_writes_the_graph_again():
    variables, time = FakeVariables(), FakeTime(now=1000.0)
    publish(FakeScheduler(seen(1), interval=30), variables=variables, time=time)
    time.now = 1010.0

    publish(
        FakeScheduler(seen(2), interval=30),
        variables=variables,
        time=time,
        plan_id="plan_2",
        request="run-2",
    )

    assert time.slept == [21.0]


def test_a_plan_of_another_dag_is_not_held_back():
    variables, time = FakeVariables(), FakeTime()
    publish(FakeScheduler(seen(1), interval=30), variables=variables, time=time)
    other = a_plan(plan_id="plan_2", intent=an_intent(application="payments-api"))

    publishing.publish(
        other,
        "run-2",
        variables,
        FakeScheduler(seen(2), interval=30),
        say=silent,
        clock=time.clock,
    )

    assert time.slept == []


def test_a_processor_that_never_answers_is_named():
    with pytest.raises(TryAgain, match="DAG processor did not take up plan 'plan_1' within 180 s"):
        publish(FakeScheduler(None))


def test_a_paused_dag_is_refused_with_the_remedy():
    with pytest.raises(Refused, match=r"is paused.*Unpause"):
        publish(FakeScheduler(seen(1, paused=True)))


def test_the_state_of_a_run_is_airflows_word_for_it():
    from airflow.sdk.execution_time.comms import DagRunStateResult

    class Ti:
        """A task that Airflow's supervisor answers with its own type."""

        def get_dagrun_state(self, dag_id, run_id):
            return DagRunStateResult(state="running").state

    scheduler = publishing.AirflowScheduler(Ti())

    assert scheduler.run_state("opsbot__my-application__production", "plan_1") == "running"
    assert scheduler.run_state("any", "plan_1") in publishing.RUNNING
