from opsbot.store import plans
from tests.fakes import FakeVariables
from tests.makers import a_plan, an_intent


def test_a_plan_is_stored_under_the_next_number():
    variables = FakeVariables()

    first = plans.publish(variables, a_plan(plan_id="plan_deploy_production_1"), "run-1", 1000.0)
    second = plans.publish(variables, a_plan(plan_id="plan_deploy_production_2"), "run-2", 1000.0)

    assert (first.sequence, second.sequence) == (1, 2)
    assert plans.read_plan(variables, 2).plan_id == "plan_deploy_production_2"


def test_a_retried_request_gets_its_plan_back():
    variables = FakeVariables()
    first = plans.publish(variables, a_plan(plan_id="plan_deploy_production_1"), "run-1", 1000.0)

    again = plans.publish(variables, a_plan(plan_id="plan_deploy_production_9"), "run-1", 1000.0)

    assert again == first
    assert plans.read_index(variables).sequence == 1


def test_two_plans_of_one_second_get_two_ids():
    variables = FakeVariables()
    same = a_plan(plan_id="plan_deploy_production_1")

    first = plans.publish(variables, same, "run-1", 1000.0)
    second = plans.publish(variables, same, "run-2", 1000.0)

    assert first.plan_id == "plan_deploy_production_1"
    assert second.plan_id == "plan_deploy_production_1_2"
    assert plans.read_plan(variables, 2).plan_id == second.plan_id


def test_a_version_shows_each_dags_newest_plan_up_to_it():
    variables = FakeVariables()
    for number in (1, 2, 3):
        plans.publish(variables, a_plan(plan_id=f"plan_{number}"), f"run-{number}", 1000.0)

    index = plans.read_index(variables)

    assert [entry.plan_id for entry in index.current(2)] == ["plan_2"]
    assert [entry.plan_id for entry in index.current()] == ["plan_3"]


def keep(number, at, **changes):
    plan = a_plan(plan_id=f"plan_{number}", **changes)
    return plan, f"run-{number}", at


def test_old_plans_are_removed_with_their_variables(monkeypatch):
    monkeypatch.setattr(plans, "KEPT_PLANS", 2)
    variables = FakeVariables()

    for number, at in ((1, 0.0), (2, 1e6), (3, 2e6)):
        plans.publish(variables, *keep(number, at))

    assert plans.plan_key(1) not in variables.values
    assert [e.plan_id for e in plans.read_index(variables).entries] == ["plan_2", "plan_3"]


def test_a_plan_that_may_still_run_is_kept_behind_any_number_of_newer_ones(monkeypatch):
    monkeypatch.setattr(plans, "KEPT_PLANS", 2)
    variables = FakeVariables()
    plans.publish(variables, *keep(1, 0.0))

    for number in range(2, 60):
        plans.publish(variables, *keep(number, 3500.0 + number))

    assert plans.read_plan(variables, 1).plan_id == "plan_1"


def test_a_twin_is_the_same_plan_asked_for_a_moment_ago():
    variables = FakeVariables()
    first = plans.publish(variables, a_plan(), "run-1", 1000.0)
    index = plans.read_index(variables)

    assert index.twin_of(a_plan(), 1009.0) == first
    assert index.twin_of(a_plan(), 1011.0) is None
    assert index.twin_of(a_plan(intent=an_intent(parameters={"replicas": 3})), 1001.0) is None


def test_the_moment_a_dag_was_seen_is_remembered():
    variables = FakeVariables()
    entry = plans.publish(variables, a_plan(), "run-1", 1000.0)

    plans.mark_visible(variables, entry, 12.5)

    assert plans.read_index(variables).entries[0].visible_at == 12.5
